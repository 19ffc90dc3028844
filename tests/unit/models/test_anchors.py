"""A quoted passage is found again, or said to be gone."""

from __future__ import annotations

import pytest

from framewatch_models.anchors import anchor_of, best_passage, find, overlap, share_covered
from framewatch_models.values.framings import Span
from framewatch_models.values.labels import Anchor

URL = "https://herald.example/one"
FIRST = "Investors woke up on Monday to a bill of half a trillion dollars. Chip makers fell most."
SECOND = "A start-up in Hangzhou had shown that a model can be trained for the price of a villa."
THIRD = "Officials in Washington asked how that was possible under the export rules of two years."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def quoted(passage: str, text: str = TEXT) -> Anchor:
    start = text.index(passage)
    return anchor_of(URL, text, Span(start=start, end=start + len(passage)))


def test_a_quote_keeps_its_surroundings() -> None:
    anchor = quoted(SECOND)
    assert anchor.prefix == f"{FIRST}\n\n"[-32:]
    assert anchor.suffix == f"\n\n{THIRD}"[:32]


def test_the_same_words_elsewhere_in_the_text_are_found_exactly() -> None:
    later = f"A new first paragraph.\n\n{TEXT}"
    found = find(quoted(SECOND), later)
    assert found is not None
    assert found.is_exact
    assert later[found.span.start : found.span.end] == SECOND


def test_white_space_does_not_matter() -> None:
    wrapped = TEXT.replace(" ", "\n")
    found = find(quoted(SECOND), wrapped)
    assert found is not None
    assert wrapped[found.span.start : found.span.end].split() == SECOND.split()


def test_of_two_equal_places_the_surroundings_decide() -> None:
    refrain = "And so it went on."
    text = f"{FIRST} {refrain} {SECOND} {refrain} {THIRD}"
    second = text.rindex(refrain)
    anchor = anchor_of(URL, text, Span(start=second, end=second + len(refrain)))
    moved = f"{THIRD} {refrain} {FIRST}\n{SECOND} {refrain} {THIRD}"
    found = find(anchor, moved)
    assert found is not None
    assert found.span.start == moved.rindex(refrain)


@pytest.mark.parametrize(
    "edited",
    [
        SECOND.replace("villa", "flat"),
        SECOND.replace("A start-up", "One small firm"),
        SECOND.replace("had shown", "had, to general surprise, shown"),
        SECOND.replace(" in Hangzhou", ""),
    ],
)
def test_an_edited_passage_is_found_by_what_is_left(edited: str) -> None:
    text = TEXT.replace(SECOND, edited)
    found = find(quoted(SECOND), text)
    assert found is not None
    assert not found.is_exact
    place = text.index(edited)
    kept = overlap(found.span, Span(start=place, end=place + len(edited)))
    assert kept > 0.85 * len(edited)
    assert found.span.end - found.span.start < 1.2 * len(edited)


def test_a_chinese_passage_is_found_after_an_edit() -> None:
    passage = "深度求索的成功表明，制裁反而逼出了创新，中国工程师用更少的芯片做出了同样好的模型。"
    text = f"市场周一大跌，投资者纷纷抛售芯片股。\n\n{passage}\n\n华盛顿的官员们正在追问原因。"
    edited = text.replace("同样好的", "毫不逊色的")
    found = find(quoted(passage, text), edited)
    assert found is not None
    assert edited[found.span.start : found.span.end].startswith("深度求索的成功")


def test_what_was_cut_has_no_place() -> None:
    assert find(quoted(SECOND), f"{FIRST}\n\n{THIRD}") is None
    assert find(quoted(SECOND), "") is None
    assert find(Anchor(url=URL, exact="  "), TEXT) is None


def test_two_places_that_are_nearly_as_like_are_none() -> None:
    one, other = SECOND.replace("villa", "flat"), SECOND.replace("villa", "barn")
    assert find(quoted(SECOND), f"{one}\n\n{FIRST}\n\n{THIRD}\n\n{other}") is None


def test_todays_passage_is_the_one_that_shares_most() -> None:
    passages = [Span(start=0, end=40), Span(start=40, end=100)]
    assert best_passage(Span(start=30, end=90), passages) == (1, 50 / 70)
    assert best_passage(Span(start=100, end=120), passages) is None


def test_covered_counts_every_character_once() -> None:
    spans = [Span(start=20, end=60), Span(start=0, end=30), Span(start=90, end=400)]
    assert share_covered(Span(start=10, end=110), spans) == 0.7
    assert share_covered(Span(start=10, end=110), []) == 0.0


def test_a_passage_has_the_same_name_whatever_its_white_space_and_surroundings() -> None:
    anchor = Anchor(url=URL, exact="one  two", prefix="a", suffix="b")
    assert anchor.key == Anchor(url=URL, exact="one two").key
    assert anchor.key != Anchor(url=f"{URL}#", exact="one two").key
