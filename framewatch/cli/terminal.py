"""Where the command line writes, and how crawled text is made harmless there."""

from __future__ import annotations

import unicodedata

from rich.console import Console

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

# Cc: control characters, Cf: format characters with the bidirectional overrides among them,
# Cs: lone surrogates, Co: private use.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co"}


def printable(text: str) -> str:
    """Drop what could steer a terminal or turn the reading direction; white space becomes a space."""
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if unicodedata.category(c) not in _UNPRINTABLE)
