"""The distributions that the monitors compare traffic with, as `featureBaseline` in `lambdas/contracts/model-manifest.ts`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from millrace_trainer.build_config import Feature

BINS = 10


def feature_baseline(feature: Feature, values: npt.NDArray[Any]) -> dict[str, object]:
    """Baseline of one feature column of shape (rows,), as the model sees it: NaN or '' for missing."""
    if feature.type == "number":
        return numeric_baseline(values)
    return category_baseline(values)


def numeric_baseline(values: npt.NDArray[np.floating[Any]]) -> dict[str, object]:
    """Histogram over deciles of the values that are present; there must be one.

    The edges are inner quantiles, each a value that occurs, without repetition, so that the first and the last bin are open and take what lies
    beyond anything seen. Mean and standard deviation (of the population) are over the present values.
    """
    values = values.astype(np.float64)
    present = values[~np.isnan(values)]
    edges = np.unique(np.quantile(present, np.arange(1, BINS) / BINS, method="higher"))
    # side='right' gives the first i with x < edges[i], and len(edges) where there is none.
    counts = np.bincount(np.searchsorted(edges, present, side="right"), minlength=len(edges) + 1)
    return {
        "kind": "number",
        "edges": edges.tolist(),
        "counts": counts.tolist(),
        "missing": int(len(values) - len(present)),
        "mean": float(present.mean()),
        "standardDeviation": float(present.std()),
    }


def category_baseline(values: Iterable[str], known: Sequence[str] = ()) -> dict[str, object]:
    """Counts by value, sorted by it; `known` values are listed even where they do not occur."""
    counts = Counter(values)
    missing = counts.pop("", 0)
    names = sorted(set(counts) | set(known))
    return {"kind": "category", "counts": {name: counts[name] for name in names}, "missing": missing}
