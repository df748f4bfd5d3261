"""The metrics of `metricName` in `lambdas/contracts/project-definition.ts`, computed as the evaluation computes them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

# Keeps the logarithm finite when a model is certain and wrong.
SMALLEST_PROBABILITY = 1e-15


def classification_metrics(
    actual: npt.NDArray[Any],
    predicted: npt.NDArray[Any],
    probabilities: npt.NDArray[np.floating[Any]],
    classes: Sequence[str],
) -> dict[str, float]:
    """`accuracy`, `logLoss` (natural logarithm) and, for two classes that both occur, `rocAuc`.

    `actual` and `predicted` are labels of shape (rows,), `probabilities` has shape (rows, classes) in the order of
    `classes`, the last of two being the positive class. No rows give no metrics.
    """
    if len(actual) == 0:
        return {}
    index = {label: i for i, label in enumerate(classes)}
    positions = np.array([index[label] for label in actual])
    given = probabilities[np.arange(len(actual)), positions].astype(np.float64)
    metrics = {
        "accuracy": float(np.mean(actual == predicted)),
        "logLoss": float(-np.mean(np.log(np.clip(given, SMALLEST_PROBABILITY, 1.0)))),
    }
    if len(classes) == 2 and len(set(positions.tolist())) == 2:
        metrics["rocAuc"] = roc_auc(positions == 1, probabilities[:, 1].astype(np.float64))
    return metrics


def regression_metrics(
    actual: npt.NDArray[np.floating[Any]], predicted: npt.NDArray[np.floating[Any]]
) -> dict[str, float]:
    """`rootMeanSquaredError` and `meanAbsoluteError` over arrays of shape (rows,). No rows give no metrics."""
    if len(actual) == 0:
        return {}
    error = predicted.astype(np.float64) - actual
    with np.errstate(over="ignore"):
        return {
            "rootMeanSquaredError": float(np.sqrt(np.mean(error**2))),
            "meanAbsoluteError": float(np.mean(np.abs(error))),
        }


def roc_auc(positive: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64]) -> float:
    """Area under the ROC curve by the Mann-Whitney statistic, ties counting a half. O(n log n); both classes must occur."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inverse]
    positives = int(positive.sum())
    negatives = len(positive) - positives
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))
