"""Framewatch: which outlets tell a story with which framings, how framings spread and shift.

>>> import framewatch
>>> corpus = framewatch.open("mywatch/")
>>> corpus.prevalence("sputnik_moment", by="outlet")
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from framewatch.corpus import Corpus

__all__ = ["__version__", "open", "schema"]
__version__ = version("framewatch")


def open(place: str | Path) -> Corpus:
    """Open the corpus of a watch's folder, of a SQLite file, or of a database address, for reading.

    Raises
    ------
    framewatch_models.errors.StoreError
        Nothing was collected there yet, or the database has another version than this program.
    """
    from framewatch.corpus import open_corpus

    return open_corpus(place)


def schema(frame: str) -> pd.DataFrame:
    """Describe the columns of a frame: ``column, dtype, meaning``.

    Parameters
    ----------
    frame
        Name of a `Corpus` method that gives a frame: "articles", "mentions", …
    """
    import pandas as pd

    from framewatch_models.errors import FramewatchError
    from framewatch_models.frames import SCHEMAS

    if frame not in SCHEMAS:
        raise FramewatchError(f"there is no frame {frame!r}; known: {', '.join(SCHEMAS)}")
    rows = [(column.name, column.dtype, column.meaning) for column in SCHEMAS[frame]]
    return pd.DataFrame(rows, columns=["column", "dtype", "meaning"], dtype="str")
