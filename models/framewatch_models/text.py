"""Crawled text made harmless for terminals, logs, mails and pages."""

from __future__ import annotations

import unicodedata

# Cc: control characters, Cf: format characters with the bidirectional overrides among them,
# Cs: lone surrogates, Co: private use.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co"}


def printable(text: str) -> str:
    """Drop what could steer a terminal or turn the reading direction; white space becomes one space."""
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if unicodedata.category(c) not in _UNPRINTABLE)
