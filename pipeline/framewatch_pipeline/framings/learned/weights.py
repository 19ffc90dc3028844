"""The detector's learned weights on disk: safetensors and JSON, never a pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from framewatch_models.errors import FramewatchError
from framewatch_pipeline.framings.learned.lexical import LexicalHead
from framewatch_pipeline.framings.learned.pooled import PooledLogistic
from framewatch_pipeline.framings.learned.signals import FEATURES
from framewatch_pipeline.framings.learned.stance import FEATURES as STANCE_FEATURES
from framewatch_pipeline.framings.learned.stance import StanceHead

ENCODER_FILES = ("encoder.onnx", "tokenizer.json")

Floats = npt.NDArray[np.float32]


class WeightsError(FramewatchError):
    """The detector's weights cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningHead:
    """Linear weights on vectors of meaning: (dimensions + 1, framings), the last row a constant's.

    ``stance`` maps a sentence's and its passage's vectors and the framing to logits of the stances.
    """

    passage: Floats
    sentence: Floats
    stance: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWeights:
    """Everything learned for one language; columns of the heads are ``framings``."""

    language: str
    framings: tuple[str, ...]
    patterns: Mapping[str, float]
    words: LexicalHead
    meaning: MeaningHead
    pooled: PooledLogistic
    cues_only: PooledLogistic
    thresholds: Floats
    review_band: float
    stance: StanceHead


def load_weights(folder: Path) -> LanguageWeights:
    """Read one language's weights.

    Raises
    ------
    WeightsError
        Files are missing, damaged, or made for another version of the program.
    """
    try:
        about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        arrays = load_file(folder / "model.safetensors")
        if about["features"] != list(FEATURES) or about["stance_features"] != list(STANCE_FEATURES):
            raise WeightsError(
                f"{folder}: these weights were made for another version; run: make train"
            )
        return _weights(about, arrays)
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise WeightsError(
            f"{folder}: the detector's weights cannot be read ({error}); install Framewatch again"
        ) from error


def write_version(folder: Path) -> str:
    """Hash all files of the weights and keep the hash beside them as their version."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*/*")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    version = digest.hexdigest()[:8]
    text = json.dumps({"version": version}) + "\n"
    (folder / "version.json").write_text(text, encoding="utf-8")
    return version


def save_weights(folder: Path, weights: LanguageWeights) -> None:
    """Write one language's weights."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {
        "language": weights.language,
        "framings": list(weights.framings),
        "features": list(FEATURES),
        "stance_features": list(STANCE_FEATURES),
        "terms": weights.words.terms,
        "vocabulary": list(weights.words.vocabulary),
        "patterns": {key: round(value, 4) for key, value in sorted(weights.patterns.items())},
        "review_band": weights.review_band,
    }
    text = json.dumps(about, ensure_ascii=False, indent=0)
    (folder / "model.json").write_text(text + "\n", encoding="utf-8")
    save_file(_arrays(weights), folder / "model.safetensors")


def _arrays(weights: LanguageWeights) -> dict[str, Any]:
    half = {
        "words.weights": weights.words.weights,
        "meaning.passage": weights.meaning.passage,
        "meaning.sentence": weights.meaning.sentence,
        **{f"meaning.stance.{name}": array for name, array in weights.meaning.stance.items()},
    }
    single = {
        "words.idf": weights.words.idf,
        "thresholds": weights.thresholds,
        **_fields("pooled", weights.pooled),
        **_fields("cues_only", weights.cues_only),
        **_fields("stance", weights.stance),
    }
    return {name: np.ascontiguousarray(array, dtype=np.float16) for name, array in half.items()} | {
        name: np.ascontiguousarray(np.atleast_1d(array), dtype=np.float32)
        for name, array in single.items()
    }


def _fields(prefix: str, head: PooledLogistic | StanceHead) -> dict[str, Any]:
    return {f"{prefix}.{name}": getattr(head, name) for name in head.__dataclass_fields__}


def _weights(about: Mapping[str, Any], arrays: Mapping[str, Any]) -> LanguageWeights:
    def single(name: str) -> Any:  # noqa: ANN401  (an array of the file)
        return arrays[name].astype(np.float64)

    def pooled(prefix: str) -> PooledLogistic:
        names = ("mean", "scale", "weights", "own")
        return PooledLogistic(
            **{name: single(f"{prefix}.{name}") for name in names},
            intercept=float(single(f"{prefix}.intercept")[0]),
        )

    return LanguageWeights(
        language=about["language"],
        framings=tuple(about["framings"]),
        patterns=about["patterns"],
        words=LexicalHead(
            terms=about["terms"],
            vocabulary={term: place for place, term in enumerate(about["vocabulary"])},
            idf=arrays["words.idf"],
            weights=arrays["words.weights"].astype(np.float32),
        ),
        meaning=MeaningHead(
            passage=arrays["meaning.passage"].astype(np.float32),
            sentence=arrays["meaning.sentence"].astype(np.float32),
            stance={
                name.removeprefix("meaning.stance."): array.astype(np.float32)
                for name, array in arrays.items()
                if name.startswith("meaning.stance.")
            },
        ),
        pooled=pooled("pooled"),
        cues_only=pooled("cues_only"),
        thresholds=arrays["thresholds"],
        review_band=float(about["review_band"]),
        stance=StanceHead(
            **{name: single(f"stance.{name}") for name in StanceHead.__dataclass_fields__}
        ),
    )
