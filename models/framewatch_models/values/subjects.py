"""What the corpus is about."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject with its search patterns, by primary language subtag ("en", "zh").

    ``patterns["any"]`` holds patterns searched in every language.
    """

    slug: str
    name: str
    patterns: dict[str, tuple[str, ...]]

    @property
    def patterns_hash(self) -> str:
        """Changes exactly when an edit can change which articles are on the subject."""
        canonical = json.dumps(self.patterns, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]
