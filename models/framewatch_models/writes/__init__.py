"""Writes, one file per family of values; each is idempotent and runs in the caller's transaction."""
