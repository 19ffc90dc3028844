"""Outlets' files: what they say, and every mistake named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from framewatch.new import outlet_text
from framewatch_crawler.options import CrawlOptions
from framewatch_crawler.outlets import load_outlet, load_outlets
from framewatch_models.errors import OutletFileError
from framewatch_models.values.outlets import SourceKind
from tests.support.factories import outlet

FILE = """\
name = "Example Daily"
short_name = "Ex. Daily"
homepage = "https://example.org/"
country = "IN"
group = "Indian press"
languages = ["en"]
timezone = "Asia/Kolkata"

[[sources]]
kind = "feed"
url = "https://example.org/rss.xml"

[[sources]]
kind = "listing"
url = "https://example.org/opinion/"
links = "article h2 a"
next = "a.next"

[articles]
include = ["/2025/"]
exclude = ["/video/"]
"""


def write(folder: Path, text: str, name: str = "example-daily") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_an_outlet(tmp_path: Path) -> None:
    read = load_outlet(write(tmp_path, FILE))
    assert (read.slug, read.label, read.timezone) == ("example-daily", "Ex. Daily", "Asia/Kolkata")
    assert [source.kind for source in read.sources] == [SourceKind.FEED, SourceKind.LISTING]
    assert (read.articles.include, read.articles.exclude) == (("/2025/",), ("/video/",))


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    read = load_outlet(write(tmp_path, FILE))
    assert load_outlet(write(tmp_path, outlet_text(read))) == read


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        (
            'colour = "red"',
            'group = "Indian press"',
            5,
            "unknown key 'colour'; did you mean 'country'?",
        ),
        (
            'country = "India"',
            'country = "IN"',
            4,
            "'country' cannot be 'India'; it is two capital",
        ),
        ('country = "UK"', 'country = "IN"', 4, "'country' cannot be 'UK'; did you mean \"GB\"?"),
        ('country = "in"', 'country = "IN"', 4, "'country' cannot be 'in'; did you mean \"IN\"?"),
        (
            'homepage = "example.org"',
            'homepage = "https://example.org/"',
            3,
            "no http or https address",
        ),
        ('languages = "en"', 'languages = ["en"]', 6, "must be a list of language tags"),
        ('languages = ["english"]', 'languages = ["en"]', 6, "must be a list of language tags"),
        ('timezone = "India"', 'timezone = "Asia/Kolkata"', 7, "unknown time zone 'India'"),
        ('kind = "rss"', 'kind = "feed"', 10, "unknown kind 'rss'"),
        ('links = "a"\nkind = "feed"', 'kind = "feed"', 11, "links and next belong to listings"),
        ("", 'links = "article h2 a"\n', 14, "a listing needs links"),
        (
            'url = "file:///etc/passwd"',
            'url = "https://example.org/rss.xml"',
            11,
            "no http or https address",
        ),
        (
            'url = "https://example.org/rss.xml"',
            'url = "https://example.org/opinion/"',
            15,
            "is there twice",
        ),
        ('urls = "x"\nlinks', "links", 16, "unknown key 'urls'; did you mean 'url'?"),
        ('include = ["(?!x)"]', 'include = ["/2025/"]', 20, "cannot be used"),
        ('include = "/2025/"', 'include = ["/2025/"]', 20, "must be a list of patterns"),
        ('name = ""', 'name = "Example Daily"', 1, "'name' must be a text"),
        ("name = Example", 'name = "Example Daily"', 1, "no valid TOML"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_line_and_mend(
    tmp_path: Path, wrong: str, right: str, line: int, said: str
) -> None:
    path = write(tmp_path, FILE.replace(right, wrong))
    with pytest.raises(OutletFileError) as refused:
        load_outlet(path)
    assert str(refused.value).startswith(f"{path}, line {line}: ")
    assert said in str(refused.value)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutletFileError, match="'group' is missing"):
        load_outlet(write(tmp_path, FILE.replace('group = "Indian press"\n', "")))
    with pytest.raises(OutletFileError, match="there is no source"):
        load_outlet(write(tmp_path, FILE[: FILE.index("[[sources]]")]))
    with pytest.raises(OutletFileError, match="there is no outlet"):
        load_outlets(tmp_path / "nowhere")
    with pytest.raises(OutletFileError, match="is no slug"):
        load_outlet(write(tmp_path, FILE, name="Example Daily"))


def test_options_survive_the_way_to_the_crawls_process() -> None:
    options = CrawlOptions(
        database_url="sqlite:///x.db", outlets=(outlet(),), allow_addresses=("127.0.0.0/8",)
    )
    assert CrawlOptions.from_json(options.to_json()) == options
    assert "\n" not in options.to_json()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"outlets": [], "colour": 1}', "no options of a crawl: colour"),
        ("[]", "no options of a crawl"),
        ("", "Expecting value"),
        ('{"outlets": []}', "missing or wrong: .*database_url"),
        ('{"database_url": "x"}', "missing or wrong: 'outlets'"),
        ('{"outlets": [{"slug": "x"}], "database_url": "x"}', "missing or wrong: 'sources'"),
        ('{"outlets": [], "database_url": "x", "allow_addresses": ["y"]}', "'y' does not appear"),
    ],
)
def test_what_is_no_line_of_options_is_named(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        CrawlOptions.from_json(line)
