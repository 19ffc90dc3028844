"""The files that a detector is made of, known by their content before any of them is parsed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from framewatch_models.errors import CodebookError

PACKAGED = Path(__file__).parent / "codebook"
PACKAGED_CODEBOOK = PACKAGED / "codebook.yaml"
PACKAGED_CUES = (PACKAGED / "cues-en.yaml", PACKAGED / "cues-zh.yaml")
PACKAGED_WEIGHTS = Path(__file__).parent / "learned" / "weights"
# Measured accuracy of the packaged detector, as `framewatch evaluate --json` writes it.
PACKAGED_ACCURACY = PACKAGED_WEIGHTS / "accuracy.json"

# Names of our own detectors; anything else names a user's, as "module:factory".
LEARNED, CUES = "learned", "cues"
# Versions of their code: raise the number when it can find other mentions.
CUES_VERSION, LEARNED_VERSION = "cues-1", "learned-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookSources:
    """A codebook file and its graded cue files (none = those of the package), and who reads them.

    ``detector`` is "learned", "cues", or "module:factory" of a user's own.
    """

    codebook: Path | None = None
    cues: tuple[Path, ...] = ()
    detector: str = LEARNED

    @property
    def codebook_path(self) -> Path:
        """The codebook file that is read."""
        return self.codebook or PACKAGED_CODEBOOK

    @property
    def cue_paths(self) -> tuple[Path, ...]:
        """The cue files that are read."""
        return self.cues or PACKAGED_CUES

    @property
    def content_hash(self) -> str:
        """Hash of all files' content.

        Raises
        ------
        CodebookError
            A file cannot be read.
        """
        digest = hashlib.sha256()
        for path in (self.codebook_path, *self.cue_paths):
            try:
                digest.update(hashlib.sha256(path.read_bytes()).digest())
            except OSError as error:
                raise CodebookError(
                    path,
                    f"cannot be read ({error.strerror})",
                    mend="check the path in framewatch.toml",
                ) from error
        return digest.hexdigest()[:16]

    @property
    def detector_version(self) -> str:
        """Name and version of the detector, known without loading it.

        Of a user's own detector only the name is known here: a new version of it needs a new name.
        """
        if self.detector == CUES:
            return CUES_VERSION
        return learned_name() if self.detector == LEARNED else self.detector


def learned_name(folder: Path = PACKAGED_WEIGHTS) -> str:
    """Give name and version of the learned detector: its code's, and its weights' hash.

    Raises
    ------
    CodebookError
        The weights are missing.
    """
    path = folder / "version.json"
    try:
        version = json.loads(path.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError) as error:
        raise CodebookError(
            path, "the detector's weights are missing", mend="install Framewatch again"
        ) from error
    return f"{LEARNED_VERSION}-{version}"
