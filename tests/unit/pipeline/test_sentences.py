"""Where sentences end."""

from __future__ import annotations

import pytest

from framewatch_pipeline.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        (
            "Mr. Liang met Gen. Wei on Jan. 20. They spoke.",
            ["Mr. Liang met Gen. Wei on Jan. 20.", "They spoke."],
        ),
        ("The U.S. Senate sat. It voted.", ["The U.S. Senate sat.", "It voted."]),
        ("It shook the U.S. The rest slept.", ["It shook the U.S.", "The rest slept."]),
        ("It cost $5.6 million. Cheap.", ["It cost $5.6 million.", "Cheap."]),
        ("“It is over.” She left.", ["“It is over.”", "She left."]),
        ("J. K. Doe wrote it. Fine.", ["J. K. Doe wrote it.", "Fine."]),
        ("He paused... and went on. Then he left.", ["He paused... and went on.", "Then he left."]),
        ("A headline\nThe text begins.", ["A headline", "The text begins."]),
        ("这是第一句。“这是第二句！”第三句", ["这是第一句。", "“这是第二句！”", "第三句"]),
        (
            "他說：「敲響警鐘。」股市應聲下跌；投資者離場。",
            ["他說：「敲響警鐘。」", "股市應聲下跌；", "投資者離場。"],
        ),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[s.start : s.end] for s in sentence_spans(text)] == sentences
