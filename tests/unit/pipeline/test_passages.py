"""How texts are split."""

from __future__ import annotations

from framewatch_models.values.articles import RevisionText
from framewatch_pipeline.passages import n_words, split


def passages(text: str) -> list[str]:
    return [p.text for p in split(RevisionText(revision_id=1, title="", text=text, language=None))]


def sentence(words: int) -> str:
    return "Word " + "word " * (words - 2) + "end."


def test_a_paragraph_of_middle_length_stays_whole() -> None:
    paragraphs = [" ".join([sentence(20)] * 3), " ".join([sentence(25)] * 2)]
    assert passages("\n\n".join(paragraphs)) == paragraphs


def test_short_neighbours_are_joined() -> None:
    text = "\n\n".join([sentence(12), sentence(12), sentence(12)])
    assert passages(text) == [text]


def test_a_long_paragraph_is_cut_into_even_groups_of_sentences() -> None:
    cut = passages(" ".join([sentence(30)] * 8))
    assert [round(n_words(p)) for p in cut] == [120, 120]


def test_chinese_is_measured_in_characters() -> None:
    paragraph = "深度求索敲响了警钟。" * 30
    lengths = [n_words(p) for p in passages(paragraph)]
    assert len(lengths) > 1
    assert all(length <= 120 for length in lengths)


def test_a_short_article_is_one_passage() -> None:
    assert passages("DeepSeek is here.") == ["DeepSeek is here."]
