"""Writes reference.json: distances between histograms as SciPy computes them.

Run from anywhere with the project's virtual environment: python test/unit/drift/reference.py
PSI is the sum of both Kullback-Leibler divergences (scipy.stats.entropy) over shares smoothed by half a count;
the Jensen-Shannon distance is scipy.spatial.distance.jensenshannon, base 2, over raw counts; the sampling bound's
chi-squared quantile is the exact one, which the code approximates after Wilson and Hilferty.
"""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, entropy

Counts = npt.NDArray[np.int64]


def smoothed(counts: Counts) -> npt.NDArray[np.float64]:
    shares: npt.NDArray[np.float64] = (counts + 0.5) / (counts.sum() + 0.5 * len(counts))
    return shares


def case(expected: Counts, observed: Counts) -> dict[str, object]:
    p, q = smoothed(expected), smoothed(observed)
    return {
        "expected": expected.tolist(),
        "observed": observed.tolist(),
        "psi": float(entropy(p, q) + entropy(q, p)),
        "jensenShannon": float(jensenshannon(expected, observed, base=2)),
        "chiSquaredBound": float((1 / expected.sum() + 1 / observed.sum()) * chi2.ppf(0.999, len(expected) - 1)),
    }


def main() -> None:
    random = np.random.default_rng(20261121)
    cases = [
        case(np.array([10, 20, 70]), np.array([70, 20, 10])),
        case(np.array([0, 5, 0, 95]), np.array([50, 0, 50, 0])),
        case(np.array([100, 0]), np.array([0, 100])),
    ]
    for bins in (2, 5, 12, 40):
        base = random.dirichlet(np.ones(bins))
        moved = random.dirichlet(np.ones(bins))
        cases.append(case(random.multinomial(800, base), random.multinomial(500, base)))
        cases.append(case(random.multinomial(20_000, base), random.multinomial(500, moved)))
    text = ",\n".join(json.dumps(entry) for entry in cases)
    Path(__file__).with_name("reference.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
