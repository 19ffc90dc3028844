"""Who says it: sources of reported and quoted claims."""

from __future__ import annotations

import pytest

from framewatch_models.values.framings import Span
from framewatch_pipeline.framings.speech import Speech, speech_of
from framewatch_pipeline.sentences import sentence_spans


def said(text: str, cue: str) -> Speech:
    start = text.index(cue)
    sentence = next(s for s in sentence_spans(text) if s.start <= start < s.end)
    return speech_of(text, sentence, Span(start=start, end=start + len(cue)))


@pytest.mark.parametrize(
    ("text", "cue", "speaker"),
    [
        ("Analysts said it was a wake-up call for Washington.", "wake-up call", "Analysts"),
        ("A professor of law in Leiden told us the lead is gone.", "the lead", "A professor of law in Leiden"),
        ("The model cost a fraction of its rivals', according to DeepSeek.", "a fraction", "DeepSeek"),
        ("The sell-off was overdone, said a fund manager in Singapore.", "overdone", "a fund manager in Singapore"),
        ("“It is our Sputnik moment for sure,” said Jane Doe, an engineer.", "Sputnik", "Jane Doe"),
        ("Jane Doe dismissed the scare. Prices, she said, will fall no further.", "Prices", "Jane Doe"),
        ("深度求索创始人梁文锋表示，芯片禁令才是瓶颈。", "芯片禁令", "深度求索创始人梁文锋"),
        ("有评论称这是美国的斯普特尼克时刻。", "斯普特尼克时刻", "评论"),
        ("据路透社报道，多国已禁用该应用。", "禁用", "路透社"),
    ],
)  # fmt: skip
def test_a_source_is_found(text: str, cue: str, speaker: str) -> None:
    assert said(text, cue).speaker == speaker


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The lab built its model at a fraction of the cost.", "a fraction"),
        ("Shares fell by a fifth after the firm claimed to need fewer chips.", "Shares fell"),
        ("这家公司以极低的成本训练了模型。", "成本"),
    ],
)
def test_the_author_is_no_source(text: str, cue: str) -> None:
    assert said(text, cue) == Speech(speaker=None, is_quoted=False, is_reported=False)


def test_a_term_in_quotation_marks_is_no_speech() -> None:
    assert not said('Some call it a "Sputnik moment" today.', "Sputnik").is_quoted


def test_a_long_text_without_a_full_stop_takes_no_time() -> None:
    text = "the Analysts and, " * 5_000
    assert speech_of(text, Span(start=0, end=len(text)), Span(start=9, end=12)).is_quoted is False
