"""Passages and sentences: exact offsets, nothing lost, nothing twice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from framewatch_models.values.articles import RevisionText
from framewatch_pipeline.passages import PassageOptions, n_words, split
from framewatch_pipeline.sentences import sentence_spans

WORDS = st.sampled_from(
    ["DeepSeek", "is", "a", "U.S.", "Mr.", "5.6", "chip", "moment", "“quote”", "e.g.", "I"]
)
HAN = st.sampled_from(["深度求索", "敲响", "警钟", "的", "「引語」", "美国", "996"])
ENDS = st.sampled_from(
    [". ", "? ", "… ", "!” ", "。", "！”", "；", "\n", "\n\n", " \u3000 ", "\r\n", ", "]
)
PROSE = st.lists(st.one_of(WORDS, HAN, ENDS, st.text(max_size=3)), max_size=120).map(" ".join)


def revision(text: str) -> RevisionText:
    return RevisionText(revision_id=7, title="", text=text, language=None)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(PROSE)
def test_a_passage_is_its_stretch_of_the_text(text: str) -> None:
    passages = split(revision(text))
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert [p.ordinal for p in passages] == list(range(len(passages)))


@given(PROSE)
def test_passages_cover_the_text_once(text: str) -> None:
    passages = split(revision(text))
    assert all(a.end <= b.start for a, b in pairwise(passages))
    assert squeezed("".join(p.text for p in passages)) == squeezed(text)
    assert all(p.text == p.text.strip() and p.text for p in passages)


@given(PROSE)
def test_only_one_long_sentence_makes_a_passage_too_long(text: str) -> None:
    bounds = PassageOptions()
    for passage in split(revision(text)):
        if n_words(passage.text) > bounds.max_words:
            assert len(sentence_spans(passage.text)) == 1


@given(PROSE)
def test_sentences_cover_the_text_once(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert squeezed("".join(text[s.start : s.end] for s in spans)) == squeezed(text)
