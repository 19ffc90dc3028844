"""What Framewatch stores: values, tables, the session factory, writes and frames."""
