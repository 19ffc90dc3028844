"""The queue of passages that a coder should label next, and those on which coders disagree."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import pandas as pd

from framewatch.labelling.task import Proposal, Suggestion, Task
from framewatch_models import frames
from framewatch_models.anchors import anchor_of
from framewatch_models.errors import FramewatchError
from framewatch_models.frames import Scope
from framewatch_models.session import Store
from framewatch_models.values.framings import Decision, Span
from framewatch_models.values.labels import Anchor, LabelKind, Sampling
from framewatch_pipeline.framings.decided import DecidedPassage, decide
from framewatch_pipeline.framings.sampling import Allocation, Candidate, Draw, choose

# Share of a passage's characters and of a label's that must agree for the label to be the passage's.
SAME = 0.8
# Characters of the article shown on each side, where the screen has room.
CONTEXT = 600
_Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOptions:
    """What to put into the queue.

    ``after`` names another coder: the queue is then what that coder labelled and this one has not,
    in the same order. ``skipped``: it is what this coder skipped.
    """

    coder: str
    n: int = 60
    random_share: float = 0.33
    language: str | None = None
    allocation: Allocation = Allocation.ALL
    after: str | None = None
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Frames of the store that tasks are made of."""

    articles: pd.DataFrame
    passages: pd.DataFrame
    mentions: pd.DataFrame
    labels: pd.DataFrame


def label_tasks(store: Store, subject: str, options: QueueOptions) -> list[Task]:
    """Choose the next passages for a coder.

    Raises
    ------
    FramewatchError
        There are no passages in scope, or the other coder has labelled none.
    """
    material = read_material(store, subject, options.language)
    if material.passages.empty:
        spoken = f" in the language {options.language!r}" if options.language else ""
        raise FramewatchError(
            f"there is no passage about the subject{spoken} to label; first run: framewatch run"
        )
    return _tasks(store, material, _draws(material, subject, options))


def disputed_tasks(store: Store, subject: str, *, language: str | None = None) -> list[Task]:
    """Give the passages on which coders disagree and nobody has decided, in the order of their labels."""
    material = read_material(store, subject, language)
    rows = _first_rows(material.labels)
    disputed = [passage for passage in decide(material.labels) if passage.is_disputed]
    texts = _texts(store, (rows[passage.key]["article_id"] for passage in disputed))
    articles = _by_number(material.articles, "article_id")
    return [_disputed(passage, rows[passage.key], articles, texts) for passage in disputed]


def read_material(store: Store, subject: str, language: str | None) -> Material:
    """Read what tasks are made of."""
    scope = Scope(subject=subject, languages=(language,) if language else ())
    with store.read() as session:
        return Material(
            articles=frames.articles(session, scope),
            passages=frames.passages(session, scope),
            mentions=frames.mentions(session, scope),
            labels=frames.labels(session, scope),
        )


def _draws(material: Material, subject: str, options: QueueOptions) -> list[Draw]:
    if options.skipped:
        return _skipped(material, options)
    return _after(material, options) if options.after else _chosen(material, subject, options)


def _skipped(material: Material, options: QueueOptions) -> list[Draw]:
    labels = _fitting(material.labels)
    own = labels[
        (labels["coder"] == options.coder) & (labels["kind"] == LabelKind.SKIPPED.value)
    ].sort_values(["labelled_at", "label_id"])
    return [_draw(row) for row in own.head(options.n).to_dict("records")]


def _chosen(material: Material, subject: str, options: QueueOptions) -> list[Draw]:
    return choose(
        _candidates(material, options.coder),
        n=options.n,
        random_share=options.random_share,
        seed=subject,
        language=options.language,
        allocation=options.allocation,
    )


def _candidates(material: Material, coder: str) -> list[Candidate]:
    labels = _fitting(material.labels)
    own = labels[labels["coder"] == coder]
    known, done = set(labels["passage_id"]), set(own["passage_id"])
    drawn = set(own.loc[own["sampling"] == Sampling.RANDOM.value, "passage_id"])
    found: dict[int, dict[str, tuple[Decision, float | None]]] = {}
    for row in material.mentions.to_dict("records"):
        of_passage = found.setdefault(row["passage_id"], {})
        of_passage[row["framing"]] = (Decision(row["decision"]), _number(row["probability"]))
    urls = dict(zip(material.articles["article_id"], material.articles["url"], strict=True))
    return [
        Candidate(
            passage_id=row["passage_id"],
            article=urls[row["article_id"]],
            ordinal=row["ordinal"],
            outlet=row["outlet"],
            week=f"{row['week']:%Y-%m-%d}",
            text_hash=sha256(" ".join(row["text"].split()).encode()).hexdigest(),
            mentions=found.get(row["passage_id"], {}),
            is_known=row["passage_id"] in known,
            is_done=row["passage_id"] in done,
            is_drawn=row["passage_id"] in drawn,
        )
        for row in material.passages.to_dict("records")
    ]


def _fitting(labels: pd.DataFrame) -> pd.DataFrame:
    """Keep the labels that are about one of today's passages as it is."""
    fit = labels[labels["overlap"].fillna(0) >= SAME]
    return fit.drop_duplicates("label_id")


def _after(material: Material, options: QueueOptions) -> list[Draw]:
    """Give what another coder labelled and this one has not, in the other's order."""
    labels = _fitting(material.labels[material.labels["kind"] == LabelKind.CODED.value])
    theirs = labels[labels["coder"] == options.after].sort_values(["labelled_at", "label_id"])
    if theirs.empty:
        raise FramewatchError(
            f"the coder {options.after!r} has labelled no passage here; known: "
            f"{', '.join(sorted(labels['coder'].unique())) or 'nobody'}"
        )
    own = set(_fitting(material.labels[material.labels["coder"] == options.coder])["passage_id"])
    left = theirs[~theirs["passage_id"].isin(own)]
    return [_draw(row) for row in left.head(options.n).to_dict("records")]


def _draw(row: _Row) -> Draw:
    return Draw(
        passage_id=row["passage_id"] if isinstance(row["passage_id"], int) else 0,
        sampling=Sampling(row["sampling"]),
        inclusion_probability=_number(row["inclusion_probability"]),
        stratum=row["stratum"],
    )


def _tasks(store: Store, material: Material, draws: Sequence[Draw]) -> list[Task]:
    passages = _by_number(material.passages, "passage_id")
    articles = _by_number(material.articles, "article_id")
    texts = _texts(store, (passages[draw.passage_id]["article_id"] for draw in draws))
    found = _suggestions(material.mentions, {d.passage_id: passages[d.passage_id] for d in draws})
    tasks = []
    for draw in draws:
        passage = passages[draw.passage_id]
        article, text = passage["article_id"], texts[passage["article_id"]]
        task = Task(
            anchor=anchor_of(articles[article]["url"], text, _span(passage)),
            sampling=draw.sampling,
            inclusion_probability=draw.inclusion_probability,
            stratum=draw.stratum,
            suggestions=found.get(draw.passage_id, ()),
        )
        tasks.append(_in_place(task, articles[article], text, _span(passage)))
    return tasks


def _in_place(task: Task, article: _Row, text: str, span: Span) -> Task:
    """Add what surrounds a passage: the text on both sides, outlet, headline, date."""
    return replace(
        task,
        before=text[max(0, span.start - CONTEXT) : span.start],
        after=text[span.end : span.end + CONTEXT],
        outlet=article["outlet"],
        title=article["title"],
        language=_text(article["language"]),
        published_on=f"{article['published_at']:%Y-%m-%d}",
    )


def _disputed(
    passage: DecidedPassage,
    row: _Row,
    articles: Mapping[int, _Row],
    texts: Mapping[int, str],
) -> Task:
    same = [coding.framings for coding in passage.codings]
    draw = _draw(row)
    task = Task(
        anchor=Anchor(url=row["url"], exact=row["text"]),
        outlet=_text(row["outlet"]) or "",
        language=_text(row["language"]),
        published_on=_text(row["published_on"]) or "",
        sampling=draw.sampling,
        inclusion_probability=draw.inclusion_probability,
        stratum=draw.stratum,
        proposals=tuple(Proposal(coder=c.coder, framings=c.framings) for c in passage.codings),
        chosen={
            framing: stance
            for framing, stance in same[0].items()
            if all(framings.get(framing, "absent") == stance for framings in same)
        },
    )
    if pd.isna(row["start"]):
        return task
    text, span = texts[row["article_id"]], _span(row)
    if row["place"] == "exact":
        task = replace(task, anchor=replace(anchor_of(row["url"], text, span), exact=row["text"]))
    return _in_place(task, articles[row["article_id"]], text, span)


def _texts(store: Store, article_ids: Iterable[object]) -> dict[int, str]:
    wanted = sorted({int(number) for number in article_ids if isinstance(number, int)})
    with store.read() as session:
        return frames.article_texts(session, wanted)


def _suggestions(
    mentions: pd.DataFrame, passages: Mapping[int, _Row]
) -> dict[int, tuple[Suggestion, ...]]:
    found: dict[int, tuple[Suggestion, ...]] = {}
    for row in mentions[mentions["passage_id"].isin(list(passages))].to_dict("records"):
        span = Span(start=row["evidence_start"], end=row["evidence_end"])
        suggestion = Suggestion(
            framing=row["framing"],
            decision=Decision(row["decision"]),
            probability=_number(row["probability"]),
            evidence=span.shifted(-passages[row["passage_id"]]["start"]),
        )
        found[row["passage_id"]] = (*found.get(row["passage_id"], ()), suggestion)
    return found


def _first_rows(labels: pd.DataFrame) -> dict[str, _Row]:
    """Give one row of each labelled passage, one of the random share where there is any."""
    order = labels.assign(later=labels["sampling"] != Sampling.RANDOM.value)
    first = order.sort_values(["later", "label_id"]).drop_duplicates("passage_key")
    return {row["passage_key"]: row for row in first.to_dict("records")}


def _by_number(frame: pd.DataFrame, column: str) -> dict[int, _Row]:
    return {row[column]: row for row in frame.to_dict("records")}


def _span(row: _Row) -> Span:
    return Span(start=int(row["start"]), end=int(row["end"]))


def _number(value: object) -> float | None:
    return value if isinstance(value, float) and not math.isnan(value) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
