"""The codebook and its cue files: what they say, and every mistake named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from framewatch_models.errors import CodebookError
from framewatch_pipeline.framings.codebook import default_codebook_text, load_codebook
from framewatch_pipeline.framings.cues import CueEngine
from framewatch_pipeline.framings.sources import CodebookSources
from framewatch_pipeline.patterns import compiled

CODEBOOK = """\
version: 7
framings:
  - id: our_own
    label: Our own
    definition: A framing of ours.
    cues: ['our own']
"""
CUES = """\
version: 1
language: en
terms:
  US: '(?:US|America)'
framings:
  our_own:
    strong:
      - 'our {US}'
"""


def load(folder: Path, codebook: str = CODEBOOK, cues: str | None = None) -> object:
    (folder / "codebook.yaml").write_text(codebook, encoding="utf-8")
    paths: tuple[Path, ...] = ()
    if cues is not None:
        (folder / "cues.yaml").write_text(cues, encoding="utf-8")
        paths = (folder / "cues.yaml",)
    return load_codebook(CodebookSources(codebook=folder / "codebook.yaml", cues=paths))


def test_the_packaged_codebook_has_twenty_framings_with_cues_in_both_languages() -> None:
    codebook = load_codebook()
    assert len(codebook.framings) == 20
    slugs = {entry.slug for entry in codebook.entries}
    assert {file.language for file in codebook.cue_files} == {"en", "zh"}
    assert all(set(file.rules) == slugs for file in codebook.cue_files)


def test_every_packaged_pattern_compiles_and_matches_no_empty_text() -> None:
    for file in load_codebook().cue_files:
        CueEngine(file.rules)
        for rules in file.rules.values():
            for pattern in (*rules.strong, *rules.weak, *rules.cancel, *rules.mask):
                assert compiled(pattern).search("") is None, pattern


def test_what_init_writes_is_the_packaged_codebook(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text(default_codebook_text(), encoding="utf-8")
    assert load_codebook(CodebookSources(codebook=path)) == load_codebook()


def test_an_edit_of_any_file_changes_the_content_hash(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text(default_codebook_text(), encoding="utf-8")
    sources = CodebookSources(codebook=path)
    before = sources.content_hash
    path.write_text(default_codebook_text() + "\n", encoding="utf-8")
    assert sources.content_hash != before


@pytest.mark.parametrize(
    ("codebook", "line", "said"),
    [
        (
            CODEBOOK + CODEBOOK[CODEBOOK.index("  - id") :],
            7,
            "the framing 'our_own' is there twice",
        ),
        (CODEBOOK.replace("label:", "lable:"), 4, "unknown key 'lable'; did you mean 'label'?"),
        (CODEBOOK.replace("    definition: A framing of ours.\n", ""), 3, "has no 'definition'"),
        (CODEBOOK.replace("'our own'", "'(our'"), 6, "the pattern '(our' cannot be used"),
        (CODEBOOK.replace("'our own'", "'((a{1,1000}){1,1000}){1,1000}'"), 6, "cannot be used"),
        (CODEBOOK.replace("'our own'", "'our(?= own)'"), 6, "RE2 has no look-around"),
        (CODEBOOK.replace("'our own'", "'(our)*'"), 6, "matches the empty text"),
        (CODEBOOK.replace("our_own", "Our own"), 3, "'Our own' is no id"),
        (CODEBOOK.replace("['our own']", "our own"), 6, "cues must be a list"),
        (CODEBOOK.replace("version: 7\n", ""), 1, "has no 'version'"),
        ("version: 1\nframings: []\n", 2, "has no framing"),
        ("version: [1\n", 2, "no valid YAML"),
        ("a: &x [1]\nb: *x\n", 2, "aliases (*name) are not allowed"),
        ("version: 1\nversion: 2\n", 2, "has the key 'version' twice"),
    ],
)
def test_a_mistake_in_the_codebook_is_named_with_its_line(
    tmp_path: Path, codebook: str, line: int, said: str
) -> None:
    with pytest.raises(CodebookError) as refused:
        load(tmp_path, codebook)
    assert str(refused.value).startswith(f"{tmp_path / 'codebook.yaml'}, line {line}: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("cues", "said"),
    [
        (
            CUES.replace("our_own", "our_own_one"),
            "line 6: framings has the unknown key 'our_own_one'; did you mean 'our_own'?",
        ),
        (CUES.replace("{US}", "{EU}"), "line 8: the pattern uses the unknown term {EU}"),
        (CUES.replace("strong", "weak"), "has no strong cue"),
        (CUES + "    alone: maybe\n", "unknown decision 'maybe'"),
        ("", "the file is empty"),
    ],
)
def test_a_mistake_in_a_cue_file_is_named(tmp_path: Path, cues: str, said: str) -> None:
    with pytest.raises(CodebookError) as refused:
        load(tmp_path, cues=cues)
    assert said in str(refused.value)


def test_a_file_that_is_missing_or_huge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="cannot be read"):
        load_codebook(CodebookSources(codebook=tmp_path / "nowhere.yaml"))
    with pytest.raises(CodebookError, match="larger than 2 MB"):
        load(tmp_path, "version: 1\n" + "#" * 2_000_001)
