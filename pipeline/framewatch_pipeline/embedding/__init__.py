"""Embedders: texts as vectors of meaning."""
