"""Writes reference.json: metrics by scikit-learn on seeded cases, to which the TypeScript metrics are held.

Run from the repository root: .venv/bin/python test/unit/evaluation/reference.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from sklearn.metrics import (
    accuracy_score,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    roc_auc_score,
)


def classification(name: str, seed: int, rows: int, classes: list[str], decimals: int) -> dict[str, Any]:
    """A case of random truth and probabilities; few decimals make many ties."""
    random = np.random.default_rng(seed)
    truth = np.array(classes)[np.arange(rows) % len(classes)]
    random.shuffle(truth)
    raw = random.dirichlet(np.ones(len(classes)), size=rows)
    probabilities = np.round(raw, decimals)
    probabilities[:, -1] = 1 - probabilities[:, :-1].sum(axis=1)
    labels = np.array(classes)[probabilities.argmax(axis=1)]
    # scikit-learn sorts labels and clips at the float's epsilon; the contract keeps the given order and clips at 1e-15.
    order = np.argsort(classes)
    clipped = np.clip(probabilities, 1e-15, 1 - 1e-15)
    metrics = {
        "accuracy": accuracy_score(truth, labels),
        "logLoss": log_loss(truth, clipped[:, order], labels=sorted(classes)),
    }
    if len(classes) == 2:
        metrics["rocAuc"] = roc_auc_score(truth == classes[1], probabilities[:, 1])
    return {
        "name": name,
        "classes": classes,
        "truth": truth.tolist(),
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "metrics": metrics,
    }


def regression(name: str, seed: int, rows: int, scale: float) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    truth = random.normal(scale=scale, size=rows)
    predicted = truth + random.standard_t(3, size=rows) * scale / 10
    return {
        "name": name,
        "truth": truth.tolist(),
        "predicted": predicted.tolist(),
        "metrics": {
            "rootMeanSquaredError": float(np.sqrt(mean_squared_error(truth, predicted))),
            "meanAbsoluteError": mean_absolute_error(truth, predicted),
        },
    }


def main() -> None:
    reference = {
        "scikitLearn": sklearn.__version__,
        "classification": [
            classification("two classes", 1, 60, ["malignant", "benign"], 6),
            classification("two classes, many ties", 2, 60, ["no", "yes"], 1),
            classification("three classes", 3, 45, ["setosa", "virginica", "versicolor"], 6),
        ],
        "regression": [regression("small values", 4, 40, 0.01), regression("large values", 5, 40, 1e6)],
    }
    path = Path(__file__).with_name("reference.json")
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
