"""The wheel works in an empty environment, in another folder, beside the user's own models.py."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "framewatch": ROOT / "framewatch",
    "framewatch_crawler": ROOT / "crawler" / "framewatch_crawler",
    "framewatch_pipeline": ROOT / "pipeline" / "framewatch_pipeline",
    "framewatch_models": ROOT / "models" / "framewatch_models",
    "framewatch_reports": ROOT / "reports" / "framewatch_reports",
    "framewatch_models/migrations": ROOT / "alembic",
}
# From an empty folder to a report on the slowest machine seen; it only turns a hang into a failure.
PATIENCE_SECONDS = 600


def run(*command: str | Path, cwd: Path) -> str:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "VIRTUAL_ENV"}
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built by way of the source distribution, as an index would get it."""
    folder = tmp_path_factory.mktemp("dist")
    hatch = [sys.executable, "-m", "hatchling", "build"]
    run(*hatch, "-t", "sdist", "-d", folder, cwd=ROOT)
    (archive,) = folder.glob("*.tar.gz")
    unpacked = folder / "source"
    unpacked.mkdir()
    run("tar", "-xzf", archive, "-C", unpacked, cwd=folder)
    (source,) = unpacked.iterdir()
    run(*hatch, "-t", "wheel", "-d", folder, cwd=source)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_tree_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {
        f"{package}/{path.relative_to(folder)}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == expected
    assert {f"{package}/py.typed" for package in PACKAGES if "/" not in package} <= names


def test_an_installed_wheel_shows_the_demo_beside_the_users_own_modules(
    wheel: Path, tmp_path: Path
) -> None:
    environment, place = tmp_path / "venv", tmp_path / "notebooks"
    place.mkdir()
    for own in ("models.py", "pipeline.py", "crawler.py", "reports.py"):
        (place / own).write_text("raise RuntimeError('a file of the user was imported')\n")
    run(sys.executable, "-m", "venv", environment, cwd=place)
    pip: list[str | Path] = [
        environment / "bin" / "python",
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-deps",
    ]
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=place)
    run(*pip, wheel, cwd=place)
    printed = run(environment / "bin" / "framewatch", "demo", "--port", "0", cwd=place)
    assert (place / printed.splitlines()[-1]).is_file()
    assert "torch" not in run(*pip[:3], "list", cwd=place)
