"""The cue engine over any text: no hit lost by the filter, evidence always inside its sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framewatch_models.values.articles import RevisionText
from framewatch_models.values.passages import PassageText
from framewatch_pipeline.framings.codebook import load_codebook
from framewatch_pipeline.framings.detector import CueDetector
from framewatch_pipeline.passages import split
from framewatch_pipeline.patterns import compiled, new_filter, options

# Patterns are compiled and automata built at first use, which says nothing about one text.
UNTIMED = settings(deadline=None)
AS_IS: Callable[[str], str] = str


@cache
def patterns(language: str) -> tuple[str, ...]:
    (file,) = (file for file in load_codebook().cue_files if file.language == language)
    return tuple(
        pattern
        for rules in file.rules.values()
        for pattern in (*rules.strong, *rules.weak, *rules.cancel)
    )


@cache
def automaton(language: str) -> object:
    chosen = new_filter()
    for pattern in patterns(language):
        chosen.Add(pattern, options())
    chosen.Compile()
    return chosen


@cache
def detector() -> CueDetector:
    return CueDetector(load_codebook())


def texts(language: str) -> st.SearchStrategy[str]:
    """Words that stand in the patterns, in any order and case: what an author who games them writes."""
    shape = r"[A-Za-z]{3,}" if language == "en" else r"[A-Za-z]{3,}|[\u4e00-\u9fff]{1,6}"
    words = sorted({word for pattern in patterns(language) for word in re.findall(shape, pattern)})
    spaces = st.sampled_from([" ", " ", "", "-", "\u00a0", ". ", "。", "’s ", "\n"])
    pieces = st.tuples(st.one_of(st.sampled_from(words), st.text(max_size=2)), spaces)
    cases = st.sampled_from([AS_IS, str.upper, str.title])
    drawn = st.lists(pieces, max_size=60).map(lambda pairs: "".join(a + b for a, b in pairs))
    return st.tuples(drawn, cases).map(lambda pair: pair[1](pair[0]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_filter_loses_no_hit(language: str) -> None:
    listed = [compiled(pattern) for pattern in patterns(language)]

    @UNTIMED
    @given(texts(language))
    def check(text: str) -> None:
        found = set(automaton(language).Match(text) or ())  # type: ignore[attr-defined]
        assert found == {n for n, pattern in enumerate(listed) if pattern.search(text)}

    check()


@UNTIMED
@given(st.one_of(texts("en"), texts("zh")))
def test_evidence_lies_in_its_sentence_and_its_passage(text: str) -> None:
    text = f"DeepSeek. {text}"
    passages = {
        p.ordinal: PassageText(
            passage_id=p.ordinal, revision_id=1, start=p.start, text=p.text, language=None
        )
        for p in split(RevisionText(revision_id=1, title="", text=text, language=None))
    }
    mentions = detector().detect(list(passages.values()))
    for mention in mentions:
        passage = passages[mention.passage_id]
        assert passage.start <= mention.sentence.start <= mention.cue.start < mention.cue.end
        assert mention.cue.end <= mention.sentence.end <= passage.start + len(passage.text)
    pairs = [(mention.passage_id, mention.framing) for mention in mentions]
    assert len(pairs) == len(set(pairs))
