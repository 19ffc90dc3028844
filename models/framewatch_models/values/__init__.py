"""Frozen values that cross package borders; one file per family, named as in ``tables``."""
