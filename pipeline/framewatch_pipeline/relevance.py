"""Whether an article is about the subject."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from framewatch_models.values.articles import RevisionText
from framewatch_models.values.passages import Relevance
from framewatch_models.values.subjects import Subject
from framewatch_pipeline.languages import reading_language
from framewatch_pipeline.patterns import compiled

# One place in a long text is a passing word ("shares of chip makers, DeepSeek among them"); the headline
# or a second place makes it a subject.
MIN_MATCHES = 2


def judge(revision: RevisionText, subject: Subject) -> Relevance:
    """Judge a revision: on the subject when its headline names it, or its text does at least twice."""
    language = reading_language(revision.language, revision.text)
    patterns = _compiled(subject.patterns.get("any", ()) + subject.patterns.get(language, ()))
    in_title = any(pattern.search(revision.title) for pattern in patterns)
    n_matches = sum(1 for pattern in patterns for _ in pattern.finditer(revision.text))
    return Relevance(
        revision_id=revision.revision_id,
        on_subject=in_title or n_matches >= MIN_MATCHES,
        n_matches=n_matches + in_title,
    )


@lru_cache(maxsize=16)
def _compiled(patterns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(compiled(pattern) for pattern in patterns)
