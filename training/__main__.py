"""``make train``: learn everything that ships with the detector, and say how well it does.

Heads and encoder come from our own texts alone. The labelled development passages (the folder named by
FRAMEWATCH_SHARED) decide how far each part is trusted: pattern precisions, the pooled regression,
thresholds and stance. Half an hour on two cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from framewatch_pipeline.embedding.multilingual import MultilingualEmbedder
from framewatch_pipeline.framings.codebook import load_codebook
from framewatch_pipeline.framings.learned.encoder import Encoder
from framewatch_pipeline.framings.learned.meaning import MeaningVectors, SentenceBySentence
from framewatch_pipeline.framings.learned.weights import (
    ENCODER_FILES,
    LanguageWeights,
    MeaningHead,
    load_weights,
    save_weights,
    write_version,
)
from framewatch_pipeline.framings.reading import readers
from framewatch_pipeline.framings.sources import PACKAGED_WEIGHTS
from training.accuracy import write_accuracy
from training.calibrate import (
    OutOfFold,
    Parts,
    StanceRows,
    fit,
    fit_stance,
    out_of_fold,
    parts_of,
    stance_out_of_fold,
    stance_rows,
    thresholds,
)
from training.heads import fit_vectors, fit_words
from training.texts import DEVELOPMENT, LabelledText, development_texts, own_texts

EPOCHS = 6
SEED = 20250127
# Probabilities this far below a threshold are shown to a person.
REVIEW_BAND = 0.1
TERMS = {"en": "words", "zh": "runs"}


def main() -> None:
    """Train both languages."""
    parser = argparse.ArgumentParser(description="Train the learned detector.")
    parser.add_argument("--language", choices=sorted(TERMS), action="append")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--keep-encoder", action="store_true", help="do not fine-tune again")
    parser.add_argument("--folder", type=Path, default=PACKAGED_WEIGHTS)
    chosen = parser.parse_args()
    started = time.monotonic()
    trained = {
        language: train(language, chosen.folder, epochs=chosen.epochs, keep=chosen.keep_encoder)
        for language in chosen.language or sorted(TERMS)
    }
    version = write_version(chosen.folder)
    if "en" in trained:
        files = [labelled_folder() / name for name in DEVELOPMENT["en"]]
        write_accuracy(chosen.folder, files, load_codebook(), *trained["en"])
    print(f"weights {version}, {time.monotonic() - started:.0f} s")


def train(
    language: str, folder: Path, *, epochs: int, keep: bool
) -> tuple[OutOfFold, StanceRows, npt.NDArray[np.intp]]:
    """Train one language and write its weights; give how it judged passages of other outlets."""
    codebook = load_codebook()
    framings = [entry.slug for entry in codebook.entries]
    own, development = own_texts(language), development_texts(labelled_folder(), language)
    print(f"{language}: {len(own)} own texts, {len(development)} development passages", flush=True)
    words = fit_words(own, framings, TERMS[language])
    place = folder / language
    head, vectors = _meaning(language, own, framings, place, epochs, keep)
    parts = parts_of(
        development,
        own,
        framings,
        reader=readers(codebook, None)[language],
        words=words,
        head=head,
        vectors=vectors,
    )
    judged = out_of_fold(parts)
    rows = stance_rows(parts, head)
    print_scores(parts, judged)
    stances = stance_out_of_fold(parts, rows)
    right = stances == rows.stances
    print(f"  stance {right.mean():.3f} (n = {len(right)})")
    everything = np.ones(len(development), dtype=bool)
    pooled = fit(parts, everything)
    save_weights(
        place,
        LanguageWeights(
            language=language,
            framings=tuple(framings),
            patterns=pooled.patterns,
            words=words,
            meaning=head,
            pooled=pooled.full,
            cues_only=pooled.cues_only,
            thresholds=thresholds(judged.probabilities, parts.labels).astype(np.float32),
            review_band=REVIEW_BAND,
            stance=fit_stance(rows, len(framings), np.ones(len(right), dtype=bool)),
        ),
    )
    return judged, rows, stances


def _meaning(
    language: str,
    own: Sequence[LabelledText],
    framings: Sequence[str],
    place: Path,
    epochs: int,
    keep: bool,
) -> tuple[MeaningHead, MeaningVectors]:
    if language == "zh":
        # Few Chinese texts are ours: English ones teach the multilingual vectors too.
        return fit_vectors([*own, *own_texts("en")], framings), SentenceBySentence(
            MultilingualEmbedder()
        )
    model, tokenizer = (place / name for name in ENCODER_FILES)
    if keep:
        return load_weights(place).meaning, Encoder(model, tokenizer)
    from training.finetune import export, fine_tune, head_of

    network = fine_tune(own, framings, epochs=epochs, seed=SEED)
    export(network, place)
    return head_of(network), Encoder(model, tokenizer)


def print_scores(parts: Parts, judged: OutOfFold) -> None:
    """Print micro F1 of the passages that were chosen, of the random ones, and of the unread outlets."""
    labels = parts.labels.astype(bool)
    random = np.array([text.sampling == "random" for text in parts.texts])
    unread = np.array([text.is_unread for text in parts.texts])
    for name, rows in (("chosen", ~random), ("random", random), ("unread outlets", unread)):
        if rows.any():
            found, true = judged.decisions[rows], labels[rows]
            right = (found & true).sum()
            hard = [
                text.is_hard_negative for text, one in zip(parts.texts, rows, strict=True) if one
            ]
            fired = found[np.array(hard)].any(1).sum() if any(hard) else 0
            f1 = [
                2 * (found[:, k] & true[:, k]).sum() / (found[:, k].sum() + true[:, k].sum())
                for k in range(true.shape[1])
                if true[:, k].sum() >= 8
            ]
            print(
                f"  {name}: {rows.sum()} passages, P {right / max(found.sum(), 1):.3f} "
                f"R {right / true.sum():.3f} F1 {2 * right / (found.sum() + true.sum()):.3f} "
                f"macro (n >= 8) {np.mean(f1) if f1 else float('nan'):.3f}, "
                f"hard negatives {fired} of {sum(hard)}"
            )


def labelled_folder() -> Path:
    """Find the labelled passages."""
    shared = Path(os.environ.get("FRAMEWATCH_SHARED", Path(__file__).parents[2] / "shared"))
    folder = shared / "data" / "framings"
    if not folder.is_dir():
        sys.exit(f"{folder}: the labelled passages are not on this machine")
    return folder


if __name__ == "__main__":
    main()
