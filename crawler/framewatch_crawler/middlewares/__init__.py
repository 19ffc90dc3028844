"""Downloader middlewares: same site, robots.txt, Retry-After, conditional requests."""
