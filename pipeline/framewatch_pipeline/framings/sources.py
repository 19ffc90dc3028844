"""The files that a detector is made of, known by their content before any of them is parsed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from framewatch_models.errors import CodebookError

PACKAGED = Path(__file__).parent / "codebook"
PACKAGED_CODEBOOK = PACKAGED / "codebook.yaml"
PACKAGED_CUES = (PACKAGED / "cues-en.yaml", PACKAGED / "cues-zh.yaml")
# What the packaged detector was measured to do, if it was: `framewatch evaluate --json` wrote it.
PACKAGED_ACCURACY = Path(__file__).parent / "weights" / "accuracy.json"

# Name and version of the cue detector: raise the number when its code can find other mentions.
DETECTOR = "cues-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookSources:
    """A codebook file and its graded cue files; none = those of the package."""

    codebook: Path | None = None
    cues: tuple[Path, ...] = ()

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
