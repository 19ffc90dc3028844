"""One logistic regression over all pairs of passage and framing.

Framings share every weight and differ by an own, shrunken intercept and an own slope on their cues, so
that a framing with few labels borrows from the others, and one without any has a probability at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from framewatch_pipeline.framings.learned.signals import FEATURES

Array = npt.NDArray[np.float64]

# How freely a framing may differ from all: its columns are scaled down, so the penalty weighs more.
INTERCEPT_SCALE = 0.7
SLOPE_SCALE = 0.5
# Swept with the training's other constants (training/calibrate.py).
PENALTY = 100.0
SLOPE_FEATURE = FEATURES.index("cues in scope")


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledLogistic:
    """Weights of the regression; ``own`` has a row a framing: intercept and slope (0 = as all)."""

    mean: Array
    scale: Array
    weights: Array
    intercept: float
    own: Array

    def shared(self) -> PooledLogistic:
        """Give the regression of a framing that nothing was learned for: what all have in common."""
        return replace(self, own=np.zeros((1, 2)))

    def probabilities(self, features: Array) -> Array:
        """Give P(framing in passage) for features of shape (passages, framings, features)."""
        scaled = (features - self.mean) / self.scale
        logit = scaled @ self.weights + self.intercept
        logit = logit + self.own[:, 0] + self.own[:, 1] * scaled[..., SLOPE_FEATURE]
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def fit_pooled(
    features: Array, labels: Array, *, weights: Array, penalty: float = PENALTY
) -> PooledLogistic:
    """Fit by Newton's method with a quadratic penalty.

    Parameters
    ----------
    features
        Shape (passages, framings, features).
    labels
        1 where the passage has the framing, else 0; shape (passages, framings).
    weights
        A weight for each passage.
    penalty
        1 / C of the usual notation; the intercept is free.
    """
    n_framings, n_features = features.shape[1:]
    mean = features.mean((0, 1))
    scale = features.std((0, 1)) + 1e-6
    scaled = (features - mean) / scale
    design = _design(scaled)
    y = labels.reshape(-1)
    w = np.repeat(weights, n_framings)
    penalties = np.full(design.shape[1], penalty)
    penalties[0] = 0.0
    beta = _newton(design, y, w, penalties)
    own = np.column_stack(
        [
            beta[1 + n_features : 1 + n_features + n_framings] * INTERCEPT_SCALE,
            beta[1 + n_features + n_framings :] * SLOPE_SCALE,
        ]
    )
    return PooledLogistic(
        mean=mean, scale=scale, weights=beta[1 : 1 + n_features], intercept=float(beta[0]), own=own
    )


def _design(scaled: Array) -> Array:
    n, n_framings, n_features = scaled.shape
    flat = scaled.reshape(n * n_framings, n_features)
    which = np.tile(np.eye(n_framings), (n, 1))
    slopes = which * flat[:, [SLOPE_FEATURE]] * SLOPE_SCALE
    return np.hstack([np.ones((len(flat), 1)), flat, which * INTERCEPT_SCALE, slopes])


def _newton(x: Array, y: Array, w: Array, penalties: Array, *, rounds: int = 30) -> Array:
    beta = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (w * (p - y)) + penalties * beta
        curvature = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(penalties + 1e-9)
        step = np.linalg.solve(curvature, gradient)
        beta -= step
        if np.abs(step).max() < 1e-6:
            break
    return beta
