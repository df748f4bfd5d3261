"""Fits what the project built, and asks it for predictions."""

import random
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from millrace_trainer.config import TrainingConfig
from millrace_trainer.data import Part
from millrace_trainer.failure import TrainingFailure


def seed_everything(seed: int) -> None:
    """Seeds the global generators, for estimators without a `random_state` of their own."""
    random.seed(seed)
    # scikit-learn's random_state=None means this very generator, which takes 32 bits.
    np.random.seed(seed % 2**32)  # noqa: NPY002


def fit(estimator: Any, part: Part, config: TrainingConfig) -> Any:
    """Fits and answers the model to be exported: a search's best estimator, else the estimator itself.

    Raises `TrainingFailure` where the estimator does not suit the target; what fitting raises passes through.
    """
    classifies = hasattr(estimator, "predict_proba")
    name = type(estimator).__name__
    column = config.target.column
    if config.task == "classification" and not classifies:
        raise TrainingFailure(
            f"build(config) in pipeline.py returned {name}, which has no predict_proba, but the target '{column}' has classes: "
            "return a classifier that gives probabilities"
        )
    if config.task == "regression" and classifies:
        raise TrainingFailure(
            f"build(config) in pipeline.py returned a classifier, {name}, but the target '{column}' is a number: return a regressor"
        )
    estimator.fit(part.frame, part.target)
    return getattr(estimator, "best_estimator_", estimator)


def predict_probabilities(model: Any, frame: pd.DataFrame, classes: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """The framework's own probabilities, shape (rows, classes) in the order of `classes`; 0 for a class it never saw."""
    columns = [classes.index(str(label)) for label in model.classes_]
    probabilities = np.zeros((len(frame), len(classes)))
    probabilities[:, columns] = model.predict_proba(frame)
    return probabilities


def predict_labels(model: Any, frame: pd.DataFrame) -> npt.NDArray[Any]:
    """The framework's own labels, shape (rows,)."""
    return np.asarray(model.predict(frame), dtype=object)


def predict_values(model: Any, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The framework's own values, shape (rows,)."""
    return np.asarray(model.predict(frame), dtype=np.float64).reshape(len(frame))
