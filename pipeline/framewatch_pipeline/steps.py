"""The steps, and what a step is.

A step's version holds everything that could change its results: raise it, and exactly the affected
revisions are done again. It is known without importing any analysis library, so that a run with
nothing to do stays light.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from framewatch_models.ledger import (
    count_unprocessed,
    unprocessed_passages,
    unprocessed_revisions,
)
from framewatch_models.values.articles import RevisionText
from framewatch_models.values.framings import Mention
from framewatch_models.values.passages import Passage, PassageText, Relevance
from framewatch_models.values.subjects import Subject
from framewatch_models.writes.framings import write_mentions
from framewatch_models.writes.passages import write_passages, write_relevance
from framewatch_pipeline.framings.sources import CodebookSources

Read = TypeVar("Read")
Made = TypeVar("Made")

# Some seconds of work, so that a killed run loses little and a transaction stays short.
BATCH_SIZE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Generic[Read]):
    """Some revisions, and what a step reads of each."""

    values: dict[int, tuple[Read, ...]]

    @property
    def revision_ids(self) -> list[int]:
        """The revisions, in order."""
        return list(self.values)

    def only(self, revision_id: int) -> Batch[Read]:
        """Give the part of the batch that is one revision."""
        return Batch(values={revision_id: self.values[revision_id]})


class RevisionStep(Protocol[Read, Made]):
    """An incremental stage that takes each current article revision once per version.

    ``compute`` is pure and can be sent to another process; it runs with no transaction open.
    ``write`` runs in one short transaction together with the rows of the ledger.
    """

    name: ClassVar[str]

    @property
    def version(self) -> str:
        """What its results depend on."""

    def count(self, session: Session) -> int:
        """Count the revisions that are still to be done."""

    def pending(self, session: Session, *, beyond: int) -> Batch[Read]:
        """Read the next batch of revisions numbered above ``beyond``; an empty one at the end."""

    def compute(self, batch: Batch[Read]) -> Sequence[Made]:
        """Work the batch out."""

    def write(
        self, session: Session, revision_ids: Sequence[int], made: Sequence[Made], *, now: datetime
    ) -> None:
        """Keep what was worked out for the revisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeRelevance:
    """Tell articles about the subject from the others."""

    subject: Subject
    name: ClassVar[str] = "relevance"
    CODE: ClassVar[str] = "1"

    @property
    def version(self) -> str:
        """Follows the subject's patterns."""
        return f"{self.CODE}-{self.subject.slug}-{self.subject.patterns_hash}"

    def count(self, session: Session) -> int:
        """Count current revisions that were not judged by these patterns."""
        return count_unprocessed(session, self.name, self.version)

    def pending(self, session: Session, *, beyond: int) -> Batch[RevisionText]:
        """Read revisions."""
        size = BATCH_SIZE
        return _by_revision(
            unprocessed_revisions(session, self.name, self.version, size=size, beyond=beyond)
        )

    def compute(self, batch: Batch[RevisionText]) -> list[Relevance]:
        """Judge each revision."""
        from framewatch_pipeline.relevance import judge

        return [judge(text, self.subject) for texts in batch.values.values() for text in texts]

    def write(
        self,
        session: Session,
        revision_ids: Sequence[int],
        made: Sequence[Relevance],
        *,
        now: datetime,
    ) -> None:
        """Replace earlier judgements."""
        write_relevance(session, self.subject, made)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPassages:
    """Split articles about the subject into passages of 30 to 120 words."""

    subject: Subject
    name: ClassVar[str] = "passages"
    version: ClassVar[str] = "1"

    def count(self, session: Session) -> int:
        """Count current revisions on the subject without passages."""
        return count_unprocessed(session, self.name, self.version, on_subject=self.subject.slug)

    def pending(self, session: Session, *, beyond: int) -> Batch[RevisionText]:
        """Read revisions."""
        slug = self.subject.slug
        return _by_revision(
            unprocessed_revisions(
                session, self.name, self.version, size=BATCH_SIZE, on_subject=slug, beyond=beyond
            )
        )

    def compute(self, batch: Batch[RevisionText]) -> list[Passage]:
        """Split each revision."""
        from framewatch_pipeline.passages import split

        return [found for texts in batch.values.values() for text in texts for found in split(text)]

    def write(
        self,
        session: Session,
        revision_ids: Sequence[int],
        made: Sequence[Passage],
        *,
        now: datetime,
    ) -> None:
        """Replace earlier passages, and with them their mentions."""
        write_passages(session, revision_ids, made)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectFramings:
    """Find the codebook's framings in passages."""

    subject: Subject
    sources: CodebookSources
    name: ClassVar[str] = "framings"

    @property
    def version(self) -> str:
        """Follows detector, codebook and cue files, and the passages, whose mentions go with them."""
        return (
            f"{self.sources.detector_version}-{self.sources.content_hash}-{self.subject.patterns_hash}"
            f"-{SplitPassages.version}"
        )

    def count(self, session: Session) -> int:
        """Count current revisions on the subject that were not read with this codebook."""
        return count_unprocessed(session, self.name, self.version, on_subject=self.subject.slug)

    def pending(self, session: Session, *, beyond: int) -> Batch[PassageText]:
        """Read revisions with their passages."""
        revision_ids, passages = unprocessed_passages(
            session,
            self.name,
            self.version,
            after=SplitPassages.name,
            n_revisions=BATCH_SIZE,
            subject=self.subject.slug,
            beyond=beyond,
        )
        grouped: dict[int, list[PassageText]] = {revision_id: [] for revision_id in revision_ids}
        for passage in passages:
            grouped[passage.revision_id].append(passage)
        return Batch(values={revision_id: tuple(found) for revision_id, found in grouped.items()})

    def compute(self, batch: Batch[PassageText]) -> list[Mention]:
        """Detect framings in each passage."""
        from framewatch_pipeline.framings.choice import open_detector

        detector = open_detector(self.sources, self.subject)
        return [
            mention for passages in batch.values.values() for mention in detector.detect(passages)
        ]

    def write(
        self,
        session: Session,
        revision_ids: Sequence[int],
        made: Sequence[Mention],
        *,
        now: datetime,
    ) -> None:
        """Replace earlier mentions."""
        from framewatch_pipeline.framings.choice import open_detector

        detector = open_detector(self.sources, self.subject)
        codebook = detector.codebook.as_version()
        write_mentions(session, revision_ids, codebook, detector.name, made, now=now)


def standard_steps(
    subject: Subject, sources: CodebookSources
) -> tuple[RevisionStep[Any, Any], ...]:
    """Give the steps in their order; later ones read what earlier ones wrote."""
    return (
        JudgeRelevance(subject=subject),
        SplitPassages(subject=subject),
        DetectFramings(subject=subject, sources=sources),
    )


def _by_revision(texts: Sequence[RevisionText]) -> Batch[RevisionText]:
    return Batch(values={text.revision_id: (text,) for text in texts})
