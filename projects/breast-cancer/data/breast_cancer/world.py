"""Generated rows like the real ones, and the same seen by another device.

A smoothed bootstrap that keeps mean and covariance (Silverman, Density Estimation for Statistics and Data Analysis, 1986,
section 6.4): pick a real row x of the diagnosis, draw z from the normal distribution with that diagnosis' covariance, and
answer m + sqrt(1 - h^2) (x - m) + h z. It is done on square roots, on which the measurements are nearly symmetric and
which cannot go below zero.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from breast_cancer.columns import FEATURES, MEASUREMENTS
from breast_cancer.real import frame, real_arrays

World = Literal["usual", "shifted"]

# Generated together, so that the first rows of a seed are the same whatever the count.
CHUNK_ROWS = 50_000

SIGNIFICANT_DIGITS = 6

# h: 0 repeats the real rows, 1 is the normal distribution alone. In the middle a model of the real rows does as well on
# the generated ones, none of which is a real one.
SMOOTHING = 0.5

# A new imaging device: a 60x objective whose images are still read as if from the 40x one, so lengths come out 1.5 times
# as large and areas by its square; and its softer focus makes grey values and outlines look smoother and more even.
# Compactness, concavity, concave points and fractal dimension have no unit of length and keep their values.
SHIFT = {
    "radius": 1.5,
    "texture": 0.85,
    "perimeter": 1.5,
    "area": 1.5**2,
    "smoothness": 0.8,
    "compactness": 1.0,
    "concavity": 1.0,
    "concave_points": 1.0,
    "symmetry": 0.95,
    "fractal_dimension": 1.0,
}


@dataclass(frozen=True)
class Group:
    """One diagnosis, in square roots: its rows (n, 30), their mean (30,), and a factor whose square is their covariance."""

    rows: npt.NDArray[np.float64]
    mean: npt.NDArray[np.float64]
    factor: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Generator:
    benign: Group
    malignant: Group
    malignant_share: float
    lowest: npt.NDArray[np.float64]
    highest: npt.NDArray[np.float64]


def fit_generator() -> Generator:
    """Fits to the 569 real rows."""
    values, malignant = real_arrays()
    roots = np.sqrt(values)
    return Generator(
        benign=_group(roots[~malignant]),
        malignant=_group(roots[malignant]),
        malignant_share=float(malignant.mean()),
        lowest=values.min(axis=0),
        highest=values.max(axis=0),
    )


def generated_rows(count: int, seed: int, world: World, labels: bool = True) -> Iterator[pd.DataFrame]:
    """`count` rows in chunks of at most 50 000, in memory that does not grow with `count`.

    The same seed gives the same rows, in either world: the shifted one is the usual one seen through another device.
    """
    generator = fit_generator()
    for index, start in enumerate(range(0, count, CHUNK_ROWS)):
        random = np.random.default_rng([seed, index])
        values, malignant = _chunk(generator, random)
        if world == "shifted":
            values = values * shift_factors()
        rows = min(CHUNK_ROWS, count - start)
        yield frame(_rounded(values[:rows]), malignant[:rows], labels)


def shift_factors() -> npt.NDArray[np.float64]:
    """What the new device multiplies each column of `FEATURES` by: a measurement's mean, error and worst alike."""
    return np.array([SHIFT[name] for name in MEASUREMENTS] * (len(FEATURES) // len(MEASUREMENTS)))


def _chunk(generator: Generator, random: np.random.Generator) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    malignant = random.random(CHUNK_ROWS) < generator.malignant_share
    values = np.empty((CHUNK_ROWS, len(FEATURES)))
    for group, rows in ((generator.benign, ~malignant), (generator.malignant, malignant)):
        count = int(rows.sum())
        picked = group.rows[random.integers(len(group.rows), size=count)]
        noise = random.standard_normal((count, len(FEATURES))) @ group.factor.T
        roots = group.mean + np.sqrt(1 - SMOOTHING**2) * (picked - group.mean) + SMOOTHING * noise
        values[rows] = np.maximum(roots, 0) ** 2
    # Nothing far beyond what was ever seen: a nucleus has a size.
    np.clip(values, generator.lowest / 1.5, generator.highest * 1.5, out=values)
    size = len(MEASUREMENTS)
    # The worst is a mean over the three largest, so it is never below the mean over all.
    values[:, -size:] = np.maximum(values[:, -size:], values[:, :size])
    return values, malignant


def _group(roots: npt.NDArray[np.float64]) -> Group:
    # By eigenvalues, because radius, perimeter and area are all but dependent and Cholesky wants a definite matrix.
    eigenvalues, vectors = np.linalg.eigh(np.cov(roots, rowvar=False))
    factor: npt.NDArray[np.float64] = vectors * np.sqrt(np.maximum(eigenvalues, 0))
    return Group(roots, roots.mean(axis=0), factor)


def _rounded(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    magnitude = np.floor(np.log10(np.where(values > 0, values, 1)))
    scale = 10.0 ** (SIGNIFICANT_DIGITS - 1 - magnitude)
    return np.round(values * scale) / scale
