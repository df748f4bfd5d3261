"""The real rows, as scikit-learn bundles them."""

from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.datasets import load_breast_cancer

from breast_cancer.columns import CLASSES, FEATURES, TARGET


def real_arrays() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Values of shape (569, 30) in the order of `FEATURES`, and whether each row is malignant."""
    bunch = load_breast_cancer()
    names = [cast("str", name) for name in bunch.feature_names]
    order = [names.index(feature.replace("_", " ")) for feature in FEATURES]
    malignant = np.asarray(bunch.target_names)[bunch.target] == "malignant"
    return np.asarray(bunch.data, dtype=np.float64)[:, order], malignant


def real_rows(seed: int, labels: bool = True) -> pd.DataFrame:
    """All 569 rows, shuffled: the set itself is ordered in stretches of one diagnosis."""
    values, malignant = real_arrays()
    order = np.random.default_rng(seed).permutation(len(values))
    return frame(values[order], malignant[order], labels)


def frame(values: npt.NDArray[np.float64], malignant: npt.NDArray[np.bool_], labels: bool) -> pd.DataFrame:
    """Rows under the schema's column names, the diagnosis last, or left out without `labels`."""
    rows = pd.DataFrame(values, columns=list(FEATURES))
    if labels:
        rows[TARGET] = np.where(malignant, CLASSES[1], CLASSES[0])
    return rows
