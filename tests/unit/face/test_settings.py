"""Settings: the file, the environment above it, and errors that say how to mend them."""

from __future__ import annotations

from pathlib import Path

import pytest

from framewatch.new import settings_text
from framewatch.settings import FILE_NAME, Settings, load_settings
from framewatch_models.errors import SettingsError

MINIMAL = '[subject]\nname = "DeepSeek"\n[subject.patterns]\nany = ["DeepSeek"]\n'


def load(folder: Path, text: str) -> Settings:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_what_init_writes_is_what_the_program_assumes(tmp_path: Path) -> None:
    text = settings_text("DeepSeek")
    assert load(tmp_path, text).crawl == load(tmp_path, MINIMAL).crawl
    uncommented = text.replace('\n# password_file = "secrets/database-password"', "")
    for line in [line for line in text.splitlines() if line.startswith("# ") and " = " in line]:
        if line.removeprefix("# ").split(" = ")[0].isidentifier() and "password" not in line:
            uncommented = uncommented.replace(line, line.removeprefix("# "))
    assert load(tmp_path, uncommented) == load(tmp_path, text)


def test_a_variable_beats_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = MINIMAL + "[crawl]\ndelay_seconds = 5\ntimeout_seconds = 7\n"
    monkeypatch.setenv("FRAMEWATCH_CRAWL__DELAY_SECONDS", "2.5")
    crawl = load(tmp_path, text).crawl
    assert (crawl.delay_seconds, crawl.timeout_seconds) == (2.5, 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            MINIMAL + "[crawl]\ndelay_secnds = 5\n",
            "line 6: unknown key 'crawl.delay_secnds'; did you mean 'delay_seconds'?",
        ),
        (MINIMAL + "[crwl]\n", "line 5: unknown key 'crwl'; did you mean 'crawl'?"),
        (
            MINIMAL + '[crawl]\ndelay_seconds = "soon"\n',
            "line 6: 'crawl.delay_seconds': input should be a valid number",
        ),
        (MINIMAL + "[crawl]\ndelay_seconds = -1\n", "greater than or equal to 0"),
        (
            MINIMAL + '[crawl]\nallow_addresses = ["localhost"]\n',
            "'crawl.allow_addresses': 'localhost' does not appear",
        ),
        (
            '[subject.patterns]\nany = ["x"]\n',
            "'subject.name' is missing; add it (Name of the subject",
        ),
        ('[subject]\nname = "x"\n[subject.patterns]\nany = []\n', "at least one pattern is needed"),
        ("[subject\n", "line 1: no valid TOML"),
        (
            MINIMAL + '[store]\npassword = "hunter2"\n',
            "line 6: the database password must not stand in this file",
        ),
        (
            MINIMAL + '[store]\nurl = "postgresql://me:hunter2@db/x"\n',
            "must not stand in this file",
        ),
    ],
)
def test_a_mistake_is_one_sentence_with_file_line_and_mend(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)
    sentence = str(refused.value)
    assert sentence.startswith(str(tmp_path / FILE_NAME))
    assert said in sentence
    assert "\n" not in sentence
    assert "hunter2" not in sentence


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("FRAMEWATCH_CRWL__DELAY_SECONDS", "did you mean 'crawl'?"),
        ("FRAMEWATCH_CRAWL__DELAY", "unknown key 'crawl.delay'"),
        ("FRAMEWATCH_CRAWL__DELAY_SECONDS", "valid number"),
    ],
)
def test_a_mistake_in_a_variable_names_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, said: str
) -> None:
    monkeypatch.setenv(variable, "soon")
    with pytest.raises(SettingsError, match=f"^variable {variable}") as refused:
        load(tmp_path, MINIMAL)
    assert said in str(refused.value)


def test_a_password_is_never_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMEWATCH_STORE__PASSWORD", "hunter2")
    settings = load(tmp_path, MINIMAL)
    assert settings.store.password is not None
    assert settings.store.password.get_secret_value() == "hunter2"
    assert "hunter2" not in f"{settings!r}{settings}"
