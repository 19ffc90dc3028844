"""The data dictionary: each frame's columns, their dtypes and meaning."""

from __future__ import annotations

from dataclasses import dataclass

STRING = "str"
COUNT = "int64"
SOME_COUNT = "Int64"  # a count that may be missing
NUMBER = "float64"
FLAG = "bool"
TIME = "datetime64[us, UTC]"
WEEK = "datetime64[us]"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a frame."""

    name: str
    dtype: str
    meaning: str


def _estimate(name: str, meaning: str) -> tuple[Column, Column, Column]:
    return (
        Column(name, NUMBER, f"{meaning}; missing where not measured or n is too small"),
        Column(f"{name}_low", NUMBER, f"lower bound of the 95 % interval of {name}"),
        Column(f"{name}_high", NUMBER, f"upper bound of the 95 % interval of {name}"),
    )


_ARTICLE_ID = Column("article_id", COUNT, "the article's number in this store")
_OUTLET = Column("outlet", STRING, "the outlet's slug")
_GROUP = Column("group", STRING, "the outlet's group")
_LANGUAGE = Column("language", STRING, "language tag of the text; missing where unknown")
_FRAMING = Column("framing", STRING, "the framing's id in the codebook")
_PUBLISHED_AT = Column("published_at", TIME, "time of publication; see published_precision")
_WEEK = Column("week", WEEK, "Monday of the ISO week of published_at, in UTC")
_TITLE = Column("title", STRING, "the article's headline")
_URL = Column("url", STRING, "the article's canonical address")
_CODEBOOK = Column("codebook_version", STRING, "version of the codebook")

SCHEMAS: dict[str, tuple[Column, ...]] = {
    "subjects": (
        Column("subject", STRING, "the subject's slug"),
        Column("name", STRING, "the subject's name"),
    ),
    "outlets": (
        _OUTLET,
        Column("name", STRING, "the outlet's name"),
        Column("short_name", STRING, "name in Latin letters for charts; missing where not given"),
        _GROUP,
        Column("country", STRING, "ISO 3166-1 alpha-2"),
        Column("region", STRING, "region; missing where not given"),
        Column("homepage", STRING, "the outlet's address"),
        Column("languages", STRING, "declared language tags, separated by '; '"),
        Column("active", FLAG, "whether the outlet is still watched"),
        Column("articles", COUNT, "articles in scope"),
        Column("on_subject", COUNT, "of these, articles about the subject"),
        Column("first_published_at", TIME, "earliest publication in scope"),
        Column("last_published_at", TIME, "latest publication in scope"),
        Column("last_fetched_at", TIME, "latest fetch of an article in scope"),
    ),
    "articles": (
        _ARTICLE_ID,
        _OUTLET,
        _GROUP,
        _LANGUAGE,
        _TITLE,
        _URL,
        Column("authors", STRING, "authors, separated by '; '"),
        _PUBLISHED_AT,
        Column(
            "published_precision",
            STRING,
            "instant, local (zone assumed), day, or fetched (no date on the page)",
        ),
        _WEEK,
        Column("on_subject", FLAG, "whether the current revision is about the subject"),
        Column("n_revisions", COUNT, "states of the article that were seen"),
        Column("n_characters", COUNT, "length of the current text"),
    ),
    "passages": (
        Column("passage_id", COUNT, "the passage's number in this store"),
        _ARTICLE_ID,
        _OUTLET,
        _GROUP,
        _LANGUAGE,
        _PUBLISHED_AT,
        _WEEK,
        Column("ordinal", COUNT, "place of the passage in its article, from 0"),
        Column("start", COUNT, "offset of its first character in the article's text"),
        Column("end", COUNT, "offset behind its last character"),
        Column("text", STRING, "the passage"),
    ),
    "mentions": (
        Column("mention_id", COUNT, "the mention's number in this store"),
        _ARTICLE_ID,
        Column("passage_id", COUNT, "the passage it stands in"),
        _OUTLET,
        _GROUP,
        _LANGUAGE,
        _FRAMING,
        _PUBLISHED_AT,
        _WEEK,
        Column("decision", STRING, "yes, or review where a person is asked"),
        Column(
            "probability", NUMBER, "calibrated probability; missing where the detector gives none"
        ),
        Column("stance", STRING, "endorses, reports or disputes; missing where unknown"),
        Column("attribution", STRING, "who says it; missing where unknown"),
        Column("evidence", STRING, "the sentence that shows it"),
        Column("cue", STRING, "the words that were matched"),
        Column("evidence_start", COUNT, "offset of the sentence in the article's text"),
        Column("evidence_end", COUNT, "offset behind the sentence"),
        _TITLE,
        _URL,
        Column("authors", STRING, "the article's authors, separated by '; '"),
        _CODEBOOK,
        Column("detector", STRING, "name and version of the detector"),
    ),
    "framings": (
        _FRAMING,
        Column("label", STRING, "short name"),
        Column("definition", STRING, "the claim a passage must make or relay"),
        _CODEBOOK,
        *_estimate("precision", "share of the detector's mentions that are right"),
        *_estimate("recall", "share of the passages with the framing that are found"),
        *_estimate("f1", "harmonic mean of precision and recall"),
        Column("n", SOME_COUNT, "labelled passages with the framing; missing where not measured"),
        Column("measured_on", STRING, "the labels it was measured on; missing where not measured"),
        Column("measured_at", TIME, "when it was measured; missing where not measured"),
    ),
    "labels": (
        Column("label_id", COUNT, "the label's number in this store"),
        Column("passage_key", STRING, "name of the labelled passage, the same in every store"),
        Column("coder", STRING, "who decided"),
        Column("labelled_at", TIME, "when"),
        Column("kind", STRING, "coded, adjudicated or skipped"),
        Column("framing", STRING, "a framing found; missing where none is in the passage"),
        Column("stance", STRING, "endorses, reports or disputes; missing where not coded"),
        Column(
            "sampling",
            STRING,
            "how the passage was chosen: uncertain, diverse, random, or unknown (labelled elsewhere)",
        ),
        Column(
            "inclusion_probability",
            NUMBER,
            "chance that its article was drawn; missing where not random",
        ),
        Column(
            "stratum", STRING, "part of the corpus it was drawn from, as in language=en; empty: all"
        ),
        _CODEBOOK,
        Column("place", STRING, "exact, changed (found in an edited text) or orphaned"),
        Column("article_id", SOME_COUNT, "its article's number; missing where not in the store"),
        Column("passage_id", SOME_COUNT, "today's passage that it fits best; missing if orphaned"),
        Column("overlap", NUMBER, "characters in both over characters in either, 0 to 1"),
        Column("start", SOME_COUNT, "offset of its words in the article's present text"),
        Column("end", SOME_COUNT, "offset behind them"),
        _OUTLET,
        _LANGUAGE,
        _PUBLISHED_AT,
        _WEEK,
        Column("published_on", STRING, "date of publication as it was when labelled"),
        _URL,
        Column("text", STRING, "the passage as it was labelled"),
        Column("note", STRING, "the coder's note"),
    ),
    "crawl_counts": (
        Column("crawl_id", COUNT, "the crawl's number"),
        Column("started_at", TIME, "when the crawl began"),
        _OUTLET,
        Column("outcome", STRING, "named outcome"),
        Column("n", COUNT, "how often it happened"),
    ),
}
