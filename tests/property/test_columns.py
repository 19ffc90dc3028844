"""Text set in columns."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from framewatch_reports.columns import column, width_of, wrap

TEXTS = st.text(alphabet="ab é深度求索 　,。́", max_size=200)


@given(TEXTS, st.integers(12, 40), st.integers(0, 4), st.integers(0, 4))
@example("aaaa。。。。 \u0301", 12, 0, 0)  # a word of no width after a full line
def test_wrapping_keeps_every_character_and_the_width(
    text: str, width: int, indent: int, hanging: int
) -> None:
    wrapped = wrap(text, width, indent=indent, hanging=hanging)
    assert "".join(wrapped.split()) == "".join(text.split())
    assert all(width_of(line) <= width for line in wrapped.splitlines())


@given(TEXTS, st.integers(3, 40))
def test_a_column_is_as_wide_as_asked(text: str, width: int) -> None:
    assert width_of(column(text, width)) == width
