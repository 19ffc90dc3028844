"""Files of labelled passages: what is read, and what is answered to mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch_models.errors import LabelFileError
from framewatch_models.values.framings import Stance
from framewatch_pipeline.framings.labelled import LabelledPassage, parse_labelled

FILE = Path("labels.jsonl")
FRAMINGS = ("sputnik_moment", "self_reliance")


def read(*records: Any) -> tuple[LabelledPassage, ...]:
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in records]
    return parse_labelled(b"\n".join(lines), FILE, framings=FRAMINGS)


def record(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "passage_id": "A1",
        "text": "Call it a Sputnik moment.",
        "framings": [],
    }
    return {key: value for key, value in (values | changes).items() if value != "absent"}


def test_everything_that_is_known_of_a_passage_is_read() -> None:
    framings = [{"id": "sputnik_moment", "stance": "disputes"}, {"id": "self_reliance"}]
    (passage,) = read(
        record(framings=framings, firm=True, outlet="Herald", url="https://x/1", language="en")
    )
    assert passage.framings == {"sputnik_moment": Stance.DISPUTES, "self_reliance": None}
    assert (passage.is_firm, passage.outlet, passage.language) == (True, "Herald", "en")
    assert (passage.article, passage.is_hard_negative) == ("url https://x/1", False)


@pytest.mark.parametrize(
    ("changes", "marked"),
    [
        ({"note": "hard negative: bubble in another sense"}, True),
        ({"note": "general talk, out of scope; Hard negative: bubble"}, True),
        ({"hard_negative": True}, True),
        ({"hard_negative": False}, False),
        ({"note": "openness only in the headline"}, False),
        ({"note": None}, False),
    ],
)
def test_hard_negatives_are_marked_by_note_or_by_field(
    changes: dict[str, Any], marked: bool
) -> None:
    assert read(record(**changes))[0].is_hard_negative is marked


def test_empty_lines_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    content = f"\ufeff{json.dumps(record())}\r\n\r\n{json.dumps(record(passage_id=2), ensure_ascii=False)}\n"
    passages = parse_labelled(content.encode(), FILE, framings=FRAMINGS)
    assert [passage.passage_id for passage in passages] == ["A1", "2"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"{", "no valid JSON (Expecting property name"),
        (b"[" * 100_000, "no valid JSON (too large or deep); write one JSON object a line"),
        (b"9" * 10_000, "no valid JSON (too large or deep)"),
        (b'{"text": "\xff"}', "the line is not UTF-8; save the file as UTF-8"),
        ([record()], "the line is no JSON object"),
        (record(passage_id="absent"), "the passage has no passage_id"),
        (record(passage_id=" "), "the passage has no passage_id"),
        (record(passage_id=True), "the passage has no passage_id"),
        (record(text="absent"), "the passage has no text; write the passage under text"),
        (record(text=" \n"), "the passage has no text"),
        (record(text=7), "the passage has no text"),
        (record(text="x" * 20_001), "the text has 20,001 characters, and a passage at most 20,000"),
        (record(framings="absent"), "the passage has no list of framings"),
        (record(framings={}), "the passage has no list of framings"),
        (record(framings=["sputnik_moment"]), "a framing has no id"),
        (
            record(framings=[{"id": "sputnik_momen"}]),
            "the framing 'sputnik_momen' is not in the codebook; did you mean 'sputnik_moment'?",
        ),
        (
            record(framings=[{"id": "tulips"}]),
            "'tulips' is not in the codebook; known framings: self_reliance, sputnik_moment",
        ),
        (
            record(framings=[{"id": "sputnik_moment"}, {"id": "sputnik_moment"}]),
            "the framing 'sputnik_moment' is there twice; remove one",
        ),
        (
            record(framings=[{"id": "sputnik_moment", "stance": "neutral"}]),
            "unknown stance 'neutral'; use endorses, reports, disputes",
        ),
        (record(framings=[{"id": "sputnik_moment", "stance": ["x"]}]), "unknown stance"),
        (record(firm="yes"), "firm is not true or false; correct it or leave it out"),
        (record(outlet=3), "outlet is not a text"),
        (record(note=[]), "note is not a text"),
        (record(), "the passage_id 'A1' is there twice"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_and_line(line: Any, sentence: str) -> None:
    with pytest.raises(LabelFileError) as error:
        read(record(), b"", line)
    said = str(error.value)
    assert said.startswith("labels.jsonl, line 3: ")
    assert sentence in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf"])
def test_a_file_without_passages_is_named(content: bytes) -> None:
    with pytest.raises(LabelFileError, match=r"labels\.jsonl: there is no passage in the file"):
        parse_labelled(content, FILE, framings=FRAMINGS)


def test_what_a_file_says_cannot_steer_the_terminal() -> None:
    with pytest.raises(LabelFileError) as error:
        read(record(framings=[{"id": "\x1b[31m\u202etulips\n" * 50}]))
    assert not {"\x1b", "\u202e", "\n"} & set(str(error.value))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["passage_id", "text", "framings", "firm", "outlet", "url", "language", "note", "hard_negative"]
)


def said_of(content: bytes) -> str:
    """Read a file that may be anything: what is said of it, or nothing when it is fine."""
    try:
        passages = parse_labelled(content, FILE, framings=FRAMINGS)
    except LabelFileError as error:
        return str(error)
    assert all(passage.text.encode() for passage in passages)
    assert all(set(passage.framings) <= set(FRAMINGS) for passage in passages)
    return ""


@given(st.binary(max_size=300))
def test_any_bytes_are_passages_or_one_sentence(content: bytes) -> None:
    said = said_of(content)
    assert said == "" or said.startswith("labels.jsonl")


@given(st.dictionaries(KEYS, JSON))
def test_any_record_is_a_passage_or_one_sentence(changes: dict[str, Any]) -> None:
    said = said_of(json.dumps(record(**changes)).encode())
    assert said == "" or said.startswith("labels.jsonl, line 1: ")


@given(
    st.lists(
        st.builds(
            record,
            passage_id=st.text(min_size=1).filter(str.strip),
            text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
            framings=st.lists(
                st.fixed_dictionaries(
                    {"id": st.sampled_from(FRAMINGS), "stance": st.sampled_from(Stance)}
                ),
                unique_by=lambda framing: framing["id"],
            ),
        ),
        min_size=1,
        unique_by=lambda one: one["passage_id"],
    )
)
def test_what_was_labelled_is_what_is_read(records: list[dict[str, Any]]) -> None:
    passages = read(*records)
    assert [passage.text for passage in passages] == [one["text"] for one in records]
    assert [
        [{"id": slug, "stance": stance} for slug, stance in passage.framings.items()]
        for passage in passages
    ] == [one["framings"] for one in records]
