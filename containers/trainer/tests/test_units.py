"""The small parts, by examples that can be checked by hand."""

from pathlib import Path

import numpy as np
import pytest
from millrace_trainer import BuildConfig, Feature, HyperparameterError, Target
from millrace_trainer.baseline import category_baseline, numeric_baseline
from millrace_trainer.failure import FIRST_LINE_LIMIT, TrainingFailure, describe
from millrace_trainer.metrics import classification_metrics, regression_metrics, roc_auc
from millrace_trainer.project_code import hash_code
from millrace_trainer.signature import input_name
from sklearn.metrics import log_loss, roc_auc_score


def test_a_value_on_an_edge_falls_into_the_bin_above() -> None:
    baseline = numeric_baseline(np.array([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, np.nan]))
    assert baseline == {
        "kind": "number",
        "edges": [0.0, 1.0],
        "counts": [0, 4, 2],
        "missing": 1,
        "mean": pytest.approx(1 / 3),
        "standardDeviation": pytest.approx(np.sqrt(2) / 3),
    }


def test_deciles_hold_a_tenth_each() -> None:
    baseline = numeric_baseline(np.arange(1000.0))
    assert baseline["counts"] == [100] * 10


def test_missing_categories_are_counted_apart() -> None:
    baseline = category_baseline(["b", "a", "", "b"], known=["c"])
    assert baseline == {"kind": "category", "counts": {"a": 1, "b": 2, "c": 0}, "missing": 1}


def test_metrics_agree_with_scikit_learn() -> None:
    random = np.random.default_rng(0)
    positive = random.random(200) < 0.4
    # Two decimals make ties.
    scores = np.round(np.clip(positive * 0.3 + random.random(200) * 0.6, 0.01, 0.99), 2)
    actual = np.where(positive, "yes", "no").astype(object)
    predicted = np.where(scores > 0.5, "yes", "no").astype(object)
    probabilities = np.column_stack([1 - scores, scores])
    metrics = classification_metrics(actual, predicted, probabilities, ["no", "yes"])
    assert metrics["rocAuc"] == pytest.approx(roc_auc_score(positive, scores))
    assert metrics["logLoss"] == pytest.approx(log_loss(positive, scores))
    assert metrics["accuracy"] == pytest.approx((actual == predicted).mean())


def test_a_certain_and_wrong_probability_costs_a_finite_amount() -> None:
    labels = np.array(["no"], dtype=object)
    metrics = classification_metrics(labels, labels, np.array([[0.0, 1.0]]), ["no", "yes"])
    assert metrics["logLoss"] == pytest.approx(34.54, abs=0.01)
    assert "rocAuc" not in metrics


def test_scores_that_say_nothing_have_half_the_area() -> None:
    assert roc_auc(np.array([True, False, True]), np.ones(3)) == 0.5


def test_regression_metrics() -> None:
    metrics = regression_metrics(np.array([0.0, 0.0]), np.array([3.0, -4.0]))
    assert metrics == {"rootMeanSquaredError": pytest.approx(np.sqrt(12.5)), "meanAbsoluteError": 3.5}


def test_the_code_hash_knows_names_and_contents_but_not_caches(tmp_path: Path) -> None:
    (tmp_path / "pipeline.py").write_text("ab")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.py").write_text("c")
    first = hash_code(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "pipeline.cpython-311.pyc").write_text("x")
    assert hash_code(tmp_path) == first
    (tmp_path / "sub" / "c.py").rename(tmp_path / "sub" / "d.py")
    assert hash_code(tmp_path) != first


def test_an_input_gives_way_to_outputs_and_other_features() -> None:
    features = [Feature("label", "number"), Feature("feature_label", "number"), Feature("x", "number")]
    assert [input_name(feature, features) for feature in features] == ["feature_label_", "feature_label", "x"]


def test_a_failure_is_one_line_of_limited_length() -> None:
    assert describe(TrainingFailure("one\ntwo " + "x" * 5000)).startswith("one two x")
    assert len(describe(ValueError("x" * 5000))) == FIRST_LINE_LIMIT


def test_hyperparameters_are_read_by_type(tmp_path: Path) -> None:
    settings: dict[str, str | int | float | bool] = {"rate": 0.5, "trees": 10, "loss": "log", "deep": True}
    config = BuildConfig((Feature("x", "number"),), Target("y", "number"), settings, 0, tmp_path)
    assert (config.number("rate", 1), config.number("trees", 1), config.integer("trees", 1)) == (0.5, 10.0, 10)
    assert (config.text("loss", ""), config.flag("deep", False), config.integer("absent", 3)) == ("log", True, 3)
    with pytest.raises(HyperparameterError, match=r"hyperparameter 'rate' is 0.5, expected a whole number"):
        config.integer("rate", 1)
    with pytest.raises(HyperparameterError, match=r"hyperparameter 'deep' is True, expected a number"):
        config.number("deep", 1)
