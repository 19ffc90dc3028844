"""The pandas API: a read-only view of what a watch has collected.

Nouns give tidy frames, verbs give results, ``where`` narrows the view. Every frame has a RangeIndex
and the columns that `framewatch.schema` describes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from framewatch.accuracy import accuracy_in_use
from framewatch.periods import When, ends_at, starts_at
from framewatch.settings import FILE_NAME
from framewatch.watch import open_watch
from framewatch_models import frames
from framewatch_models.errors import FramewatchError, StoreError
from framewatch_models.frames import Scope
from framewatch_models.migrate import require_current
from framewatch_models.session import Store, open_store
from framewatch_models.values.accuracy import NOT_MEASURED
from framewatch_pipeline.statistics.corrected import corrected_prevalence
from framewatch_pipeline.statistics.prevalence import prevalence
from framewatch_pipeline.statistics.random_sample import random_sample

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy.orm import Session

Read = TypeVar("Read")
Names = str | list[str] | tuple[str, ...]


class Corpus:
    """What a watch holds, or the part of it that `where` left.

    Made by `framewatch.open`. Use it in a ``with`` statement, or call `close` at the end.
    """

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self._scope = scope

    def where(
        self,
        *,
        outlet: Names | None = None,
        group: Names | None = None,
        language: Names | None = None,
        since: When | None = None,
        until: When | None = None,
    ) -> Corpus:
        """Narrow the corpus; what is not named stays as it is.

        Parameters
        ----------
        outlet, group, language
            One name or several. A language without subtag covers its variants ("zh": "zh-Hans").
        since, until
            A day ("2025-01-31"), ISO week ("2025-W05"), month ("2025-01"), year, date or datetime,
            by time of publication in UTC. A day, week, month or year named by ``until`` is included.
        """
        scope = self._scope
        if outlet is not None:
            scope = replace(scope, outlets=_names(outlet))
        if group is not None:
            scope = replace(scope, groups=_names(group))
        if language is not None:
            scope = replace(scope, languages=_names(language))
        if since is not None:
            scope = replace(scope, since=starts_at(since))
        if until is not None:
            scope = replace(scope, until=ends_at(until))
        return Corpus(self._store, scope)

    def outlets(self) -> pd.DataFrame:
        """Give one row an outlet, with its articles counted."""
        return self._read(lambda session: frames.outlets(session, self._scope))

    def articles(self, *, text: bool = False) -> pd.DataFrame:
        """Give one row an article, off-subject ones included; ``text=True`` adds the text."""
        return self._read(lambda session: frames.articles(session, self._scope, text=text))

    def passages(self) -> pd.DataFrame:
        """Give one row a passage of the articles about the subject."""
        return self._read(lambda session: frames.passages(session, self._scope))

    def framings(self) -> pd.DataFrame:
        """Give one row a framing of the codebook that was used last, with its measured accuracy.

        ``precision``, ``recall`` and ``f1`` with their 95 % bounds belong to the detector whose mentions
        are stored, and were measured on ``n`` passages with the framing among the labels that
        ``measured_on`` names. All of it is missing where nothing was measured; the scores alone
        where ``n`` is too small to bear them.
        """
        return self._read(lambda session: frames.framings(session, accuracy_in_use(session)))

    def mentions(self, framing: str | None = None) -> pd.DataFrame:
        """Give one row a detected framing with its evidence; ``framing`` keeps one framing only."""
        found = self._read(lambda session: frames.mentions(session, self._scope))
        if framing is None:
            return found
        self._require(framing)
        return found[found["framing"] == framing].reset_index(drop=True)

    def labels(self) -> pd.DataFrame:
        """Give one row a framing that a person found; a label without any is one row with none.

        Each label is brought to where its words stand in the article's present text; ``place`` is
        "orphaned" where they, or the article, are gone.
        """
        return self._read(lambda session: frames.labels(session, self._scope))

    def prevalence(
        self,
        framing: str | None = None,
        *,
        by: Literal["outlet", "group", "language"] | None = None,
        freq: Literal["W", "M"] | None = "W",
        corrected: bool = False,
    ) -> pd.DataFrame:
        """Give the share of articles about the subject that use each framing.

        Parameters
        ----------
        framing
            One framing only.
        by
            A row for each outlet, group or language; None = all together.
        freq
            A row for each ISO week ("W") or month ("M"); None = the whole period.
        corrected
            Add shares corrected for the detector's errors by the articles that people coded whole in a
            random sample (``framewatch label``).

        Returns
        -------
        ``framing``, the chosen columns, then ``k`` (articles with the framing), ``n`` (articles about
        the subject), ``share`` and the bounds ``low``, ``high`` of its 95 % Wilson interval. Corrected:
        also ``n_coded`` (articles coded whole) and ``share_corrected``, ``low_corrected``,
        ``high_corrected``, missing in rows with fewer than 20 of them, or where more than 5 % of the
        articles drawn are not coded.

        Raises
        ------
        framewatch_models.errors.FramewatchError
            ``corrected``, and no row can bear it: too few articles were coded, or none.
        """
        wanted = list(self.framings()["framing"]) if framing is None else [framing]
        if framing is not None:
            self._require(framing)
        articles, mentions = self.articles(), self.mentions()
        if not corrected:
            return prevalence(articles, mentions, by=by, freq=freq, framings=wanted)
        seed = self._scope.subject
        sample = random_sample(articles, self.passages(), self.labels(), seed=seed)
        return corrected_prevalence(articles, mentions, sample, by=by, freq=freq, framings=wanted)

    def close(self) -> None:
        """Give back the connection to the database."""
        self._store.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        articles, outlets, framings = self.articles(), self.outlets(), self.framings()
        mentions = self.mentions()
        on_subject = articles[articles["on_subject"]]
        lines = [
            f"Corpus on {self._scope.subject}: {len(on_subject):,} articles on the subject of {len(articles):,}",
            f"outlets: {int((outlets['articles'] > 0).sum())} of {len(outlets)} with articles",
        ]
        if len(articles):
            first, last = articles["published_at"].min(), articles["published_at"].max()
            languages = ", ".join(sorted(articles["language"].dropna().unique())) or "unknown"
            lines += [f"published: {first:%Y-%m-%d} to {last:%Y-%m-%d}", f"languages: {languages}"]
        if len(framings):
            version = framings["codebook_version"].iloc[0]
            detectors = ", ".join(sorted(mentions["detector"].unique())) or "no mentions yet"
            lines.append(
                f"framings: {len(framings)} (codebook {version}), {len(mentions):,} mentions"
            )
            lines += [f"detector: {detectors}", f"accuracy: {self._accuracy(framings)}"]
        labels = self.labels().drop_duplicates("label_id")
        if len(labels):
            n_orphaned = int((labels["place"] == "orphaned").sum())
            lines.append(
                f"labels: {len(labels):,} of {labels['passage_key'].nunique():,} passages by "
                f"{labels['coder'].nunique()} coders, {n_orphaned:,} orphaned"
            )
        return "\n  ".join(lines)

    def _accuracy(self, framings: pd.DataFrame) -> str:
        overall = self._read(accuracy_in_use).overall
        if overall is None:
            return NOT_MEASURED
        n_measured = int(framings["precision"].notna().sum())
        return f"{overall.about_f1}; framings() has it for {n_measured} of {len(framings)}"

    def _read(self, query: Callable[[Session], Read]) -> Read:
        with self._store.read() as session:
            return query(session)

    def _require(self, framing: str) -> None:
        known = list(self.framings()["framing"])
        if framing not in known:
            raise FramewatchError(
                f"there is no framing {framing!r} in the codebook; known: {', '.join(known)}"
            )


def open_corpus(place: str | Path) -> Corpus:
    """Open the corpus of a watch's folder, of a SQLite file, or of a database address.

    Raises
    ------
    StoreError
        Nothing was collected there yet, or the database has another version.
    """
    if "://" in str(place):
        return _corpus(open_store(str(place)), None)
    path = Path(place)
    if (path / FILE_NAME).is_file():
        watch = open_watch(path)
        if watch.database_path is not None and not watch.database_path.is_file():
            raise StoreError(
                f"{path}: nothing was collected yet; run: framewatch run --watch {path}"
            )
        return _corpus(watch.open_store(), watch.subject.slug)
    if path.is_file():
        return _corpus(open_store(f"sqlite:///{path}"), None)
    raise FramewatchError(f"{path}: neither a watch's folder (no {FILE_NAME}) nor a database file")


def _corpus(store: Store, subject: str | None) -> Corpus:
    require_current(store)
    if subject is None:
        with store.read() as session:
            known = list(frames.subjects(session)["subject"])
        subject = known[-1] if known else ""
    return Corpus(store, Scope(subject=subject))


def _names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)
