"""The demo: a plan, fictional articles written to it, and a server that publishes them over HTTP."""
