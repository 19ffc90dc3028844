"""Every command, setting and frame is documented, and the documentation is the code's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.reference import pages


@pytest.mark.parametrize("page", sorted(pages()), ids=lambda page: page.name)
def test_a_reference_page_says_what_the_code_says(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == pages()[page], "run: make docs"
