"""A logistic regression over standardised measurements: 30 weights that a person can read, and calibrated by nature."""

from millrace_trainer import BuildConfig
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler


def build(config: BuildConfig) -> Pipeline:
    """Hyperparameters: `inverseRegularization` (smaller is simpler) and `maximumIterations`."""
    return Pipeline(
        [
            ("scale", StandardScaler()),
            (
                "classify",
                LogisticRegression(
                    C=config.number("inverseRegularization", 1.0),
                    max_iter=config.integer("maximumIterations", 1000),
                    random_state=config.seed,
                ),
            ),
        ]
    )
