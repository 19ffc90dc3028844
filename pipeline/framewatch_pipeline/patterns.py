"""Patterns in RE2: their time grows with the text's length, whatever the pattern says."""

from __future__ import annotations

from typing import Any

import re2

PatternError = re2.error

# A pattern that needs more for its program is refused when it is read. The largest of the package's
# needs under 0.3 MB; nested repetition counts reach the limit at once.
MAX_PROGRAM_BYTES = 4 << 20


def options() -> Any:  # noqa: ANN401  (the library is untyped)
    """Give the options of every pattern: case does not matter, errors are ours to report."""
    chosen = re2.Options()
    chosen.case_sensitive = False
    chosen.log_errors = False
    chosen.max_mem = MAX_PROGRAM_BYTES
    return chosen


def compiled(pattern: str) -> Any:  # noqa: ANN401
    """Compile a pattern.

    Raises
    ------
    PatternError
        It is no RE2 pattern, or explodes.
    """
    return re2.compile(pattern, options())


def new_filter() -> Any:  # noqa: ANN401
    """Give an empty set of patterns that is searched in one pass (RE2's FilteredRE2)."""
    return re2.Filter()
