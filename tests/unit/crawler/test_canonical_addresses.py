"""The canonical form of addresses, one example for each rule."""

from __future__ import annotations

import pytest

from framewatch_crawler.urls import MAX_URL_LENGTH, NotAWebAddressError, canonical_url, origin


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG/Path", "https://example.org/Path"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org./a#part", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&id=7&fbclid=1", "https://example.org/a?id=7"),
        ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://example.org/a;jsessionid=1F?id=7", "https://example.org/a?id=7"),
        ("https://example.org/%7euser/%2f", "https://example.org/~user/%2F"),
        ("https://example.org/深度", "https://example.org/%E6%B7%B1%E5%BA%A6"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        (" https://example.org/a\n", "https://example.org/a"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]/a"),
    ],
)
def test_an_address_has_one_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org/a", "//example.org/a", "file:///etc/hostname", "ftp://example.org/a", "javascript:alert(1)",
        "mailto:desk@example.org", "https://", "https:///a", "https://example.org:0/", "https://example.org:99999/",
        "http://[::1", "https://exa mple.org/", "https://example.org/" + "a" * MAX_URL_LENGTH,
    ],
)  # fmt: skip
def test_what_no_browser_would_fetch_is_refused(url: str) -> None:
    with pytest.raises(NotAWebAddressError):
        canonical_url(url)


def test_a_robots_txt_is_of_scheme_host_and_port() -> None:
    assert origin("https://Example.org/a") == "https://example.org:443"
    assert (
        len({origin(f"{s}://example.org{p}/") for s in ("http", "https") for p in ("", ":81")}) == 4
    )
