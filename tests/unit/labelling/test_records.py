"""Files of labelled passages: what is read, and how a mistake is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch.labelling.records import Record, parse
from framewatch_models.errors import LabelFileError
from framewatch_models.values.framings import Stance
from framewatch_models.values.labels import Sampling

KNOWN = ("sputnik_moment", "hype_scepticism")
PASSAGE = {"text": "A passage.", "framings": []}


def read(content: str | bytes, name: str = "labels.jsonl") -> list[Record]:
    raw = content if isinstance(content, bytes) else content.encode()
    return parse(raw, Path(name), framings=KNOWN)


def record(**fields: Any) -> Record:
    (only,) = read(json.dumps({**PASSAGE, **fields}))
    return only


def wrong(content: str | bytes, name: str = "labels.jsonl") -> str:
    with pytest.raises(LabelFileError) as found:
        read(content, name)
    assert len(str(found.value).splitlines()) == 1
    return str(found.value)


def test_a_record_is_read_whole() -> None:
    found = record(
        framings=[{"id": "sputnik_moment", "stance": "reports"}, {"id": "hype_scepticism"}],
        coders={"a": [{"id": "sputnik_moment", "stance": "endorses"}], "b": []},
        outlet="The Herald",
        url="https://herald.example/one",
        date="2025-01-27",
        language="en",
        firm=False,
        sampling="random",
        inclusion_probability=0.25,
        labelled_at="2025-02-01T10:00:00+01:00",
    )
    assert found.framings == {"sputnik_moment": Stance.REPORTS, "hype_scepticism": None}
    assert found.coders == {"a": {"sputnik_moment": Stance.ENDORSES}, "b": {}}
    assert (found.sampling, found.inclusion_probability, found.is_firm) == (
        Sampling.RANDOM,
        0.25,
        False,
    )
    assert found.labelled_at is not None
    assert found.labelled_at.isoformat() == "2025-02-01T10:00:00+01:00"


def test_words_of_other_files_for_sampling_are_unknown_here() -> None:
    assert record(sampling="rich").sampling is Sampling.UNKNOWN


def test_a_table_is_read_like_lines() -> None:
    table = (
        "text,framings,coders,inclusion_probability,firm,outlet\n"
        "'=A passage.,sputnik_moment:reports; hype_scepticism,"
        '"{""a"": []}",0.5,True,Herald\n'
        "Another.,,,,,\n"
    )
    first, second = read(table, "labels.csv")
    assert first.text == "=A passage."
    assert first.framings == {"sputnik_moment": Stance.REPORTS, "hype_scepticism": None}
    assert (first.coders, first.inclusion_probability, first.is_firm) == ({"a": {}}, 0.5, True)
    assert (second.framings, second.outlet) == ({}, None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "there is no passage"),
        ("[1]", "line 1: the line is no JSON object"),
        ('{"text": "x", "framings": []}\n{"text"', "line 2: no valid JSON"),
        ("[" * 100_000, "no valid JSON"),
        (b"\n\xff", "line 2: the line is not UTF-8"),
        ('{"framings": []}', "has no text"),
        ('{"text": "x"}', "framings is no list"),
        ('{"text": "x", "framings": [1]}', "a framing has no id"),
        ('{"text": "x", "framings": [{"id": "sputnik"}]}', "did you mean 'sputnik_moment'?"),
        ('{"text": "x", "framings": [{"id": "sputnik_moment", "stance": "for"}]}', "'for'"),
        ('{"text": "x", "framings": [], "coders": []}', ""),
        ('{"text": "x", "framings": [], "coders": {"": []}}', "a coder's name"),
        ('{"text": "x", "framings": [], "url": 1}', "url is not a text"),
        ('{"text": "x", "framings": [], "inclusion_probability": 0}', "above 0"),
        ('{"text": "x", "framings": [], "labelled_at": "soon"}', "labelled_at is no time"),
        ('{"text": "x", "framings": [], "firm": 1}', "firm is neither"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_line(content: str | bytes, said: str) -> None:
    if said:
        assert said in wrong(content)
    else:
        assert read(content)[0].coders == {}


def test_a_mistake_in_a_table_has_its_line() -> None:
    assert "line 2: the cell coders is no JSON" in wrong("text,coders\nx,{\n", "l.csv")
    assert "line 3: the passage has no text" in wrong("text,framings\nx,\n,\n", "l.csv")


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["framings", "coders", "url", "firm", "sampling", "labelled_at", "note", "text"]
)


@given(st.dictionaries(KEYS, VALUES))
def test_no_record_breaks_the_reader(fields: dict[str, Any]) -> None:
    said = "it was read"
    try:
        read(json.dumps({**PASSAGE, **fields}))
    except LabelFileError as error:
        said = str(error)
    assert len(said.splitlines()) == 1
