"""Whether the graph says what the framework says."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from millrace_trainer.config import TrainingConfig
from millrace_trainer.failure import TrainingFailure
from millrace_trainer.fitting import predict_labels, predict_probabilities, predict_values
from millrace_trainer.runtime import Runner, Scores

MAXIMUM_ROWS = 1000
TOLERANCE = 1e-4
ADVICE = "the model does not survive FP32; a tree behind a scaler is the usual cause: give trees the unscaled columns, or use another estimator"


@dataclass(frozen=True)
class Parity:
    rows: int
    maximum_absolute_error: float


def check_parity(model: Any, runner: Runner, frame: pd.DataFrame, config: TrainingConfig) -> Parity:
    """Compares both on up to 1000 rows spread evenly over `frame`, which has one row at least.

    Probabilities may differ by 1e-4; labels must be equal but where the framework's probabilities of the two labels are
    that close to a tie; values may differ by 1e-4 of the largest prediction's magnitude, or of 1 where that is less.
    Raises `TrainingFailure` where they differ by more, or where either is not finite.
    """
    rows = np.unique(np.linspace(0, len(frame) - 1, num=min(MAXIMUM_ROWS, len(frame))).astype(int))
    sample = frame.iloc[rows]
    scores = runner.score(sample)
    if config.task == "classification":
        return _probabilities(model, sample, scores, config)
    return _values(model, sample, scores)


def _probabilities(model: Any, sample: pd.DataFrame, scores: Scores, config: TrainingConfig) -> Parity:
    classes = config.target.values
    expected = predict_probabilities(model, sample, classes)
    error = _largest_error(expected, scores.probabilities, "probability")
    if error > TOLERANCE:
        raise TrainingFailure(
            f"ONNX Runtime's probabilities differ from scikit-learn's by {error:.3g} where {TOLERANCE} is allowed: {ADVICE}"
        )
    labels = predict_labels(model, sample)
    for row in np.flatnonzero(labels != scores.labels):
        wanted, given = str(labels[row]), str(scores.labels[row])
        gap = abs(expected[row, classes.index(wanted)] - expected[row, classes.index(given)])
        if gap > 2 * TOLERANCE:
            raise TrainingFailure(
                f"ONNX Runtime says '{given}' where scikit-learn says '{wanted}', with probabilities {gap:.3g} apart: {ADVICE}"
            )
    return Parity(len(sample), error)


def _values(model: Any, sample: pd.DataFrame, scores: Scores) -> Parity:
    expected = predict_values(model, sample)
    error = _largest_error(expected, scores.values, "prediction")
    allowed = TOLERANCE * max(1.0, float(np.abs(expected).max()))
    if error > allowed:
        raise TrainingFailure(
            f"ONNX Runtime's predictions differ from scikit-learn's by {error:.3g} where {allowed:.3g} is allowed: {ADVICE}"
        )
    return Parity(len(sample), error)


def _largest_error(expected: npt.NDArray[np.float64], given: npt.NDArray[np.float32], what: str) -> float:
    for source, values in (("scikit-learn", expected), ("ONNX Runtime", given)):
        if not np.isfinite(values).all():
            raise TrainingFailure(
                f"a {what} by {source} is not finite: expected a number for every row; "
                "impute missing values and limit large ones in pipeline.py"
            )
    return float(np.abs(given.astype(np.float64) - expected).max())
