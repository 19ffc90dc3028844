"""Write files whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from framewatch_models.errors import FramewatchError, NoSpaceError


def write_atomically(path: Path, content: bytes) -> None:
    """Put ``content`` into ``path`` in one step: a reader sees the old file or the new one.

    Raises
    ------
    NoSpaceError
        The disk is full; nothing of the file is left behind.
    FramewatchError
        The folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise NoSpaceError(
                f"{path}: the disk is full; free some space, then run again (nothing was overwritten)"
            ) from error
        raise FramewatchError(f"{path}: cannot be written ({error.strerror})") from error
