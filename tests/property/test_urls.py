"""Canonical addresses: one form for one article, and stable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framewatch_crawler.urls import NotAWebAddressError, canonical_url, same_site
from tests.support.factories import outlet

PARTS = st.lists(
    st.sampled_from(["a", "B", "..", ".", "", "%7E", "%2f", "é", "深度", " ", "x;sid=1"]),
    max_size=6,
)
QUERIES = st.lists(
    st.sampled_from(["utm_source=x", "b=2", "a=1", "fbclid=9", "q=%e6%b7%b1", "", "a"]), max_size=5
)


@given(
    PARTS,
    QUERIES,
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
)
def test_the_canonical_form_is_its_own(
    parts: list[str], query: list[str], scheme: str, port: str
) -> None:
    once = canonical_url(f"{scheme}://Example.ORG.{port}/{'/'.join(parts)}?{'&'.join(query)}#top")
    assert canonical_url(once) == once
    assert "utm_" not in once
    assert "#" not in once


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_named_as_none(text: str) -> None:
    try:
        once = canonical_url(text)
    except NotAWebAddressError:
        return
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://herald.example/x", True),
        ("https://www.herald.example/x", True),
        ("https://blogs.herald.example/x", True),
        ("https://herald.example.evil.example/x", False),
        ("https://evilherald.example/x", False),
        ("https://herald.example:8080/x", False),
        ("https://herald.example@evil.example/x", False),
    ],
)
def test_only_the_outlets_own_hosts_are_its_site(url: str, same: bool) -> None:
    assert same_site(url, outlet()) is same
