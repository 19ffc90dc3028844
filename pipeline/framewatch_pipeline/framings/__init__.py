"""Framings: the codebook, and detectors that find its entries in passages."""
