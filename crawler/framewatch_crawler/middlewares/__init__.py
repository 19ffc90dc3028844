"""Downloader middlewares: robots.txt, Retry-After, conditional requests."""
