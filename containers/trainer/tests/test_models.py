"""Trained models: their signature, what they answer, and what the manifest says about them."""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from millrace_trainer.train import run
from trainer_job import Job, category, mixed_rows, number, rows


def session(job: Job) -> Any:
    return onnxruntime.InferenceSession(job.layout.model / "model.onnx", providers=["CPUExecutionProvider"])


def answers(job: Job, frame: pd.DataFrame) -> list[Any]:
    """As serving feeds it: FP32 numbers with NaN, text with '' for missing."""
    feed = {}
    for spec in job.manifest()["inputs"]:
        column = frame[spec["features"][0]]
        values = column.to_numpy(np.float32) if spec["datatype"] == "FP32" else column.fillna("").to_numpy(object)
        feed[spec["name"]] = values.reshape(-1, 1)
    result: list[Any] = session(job).run(None, feed)
    return result


def test_classifier_of_numbers(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml").write()
    run(job.layout)
    manifest = job.manifest()
    assert manifest["classes"] == ["wide", "narrow"]
    assert manifest["inputs"] == [
        {"name": name, "datatype": "FP32", "shape": [-1, 1], "features": [name]} for name in ("width", "height")
    ]
    assert [(value.name, value.shape) for value in session(job).get_inputs()] == [
        ("width", ["batch", 1]),
        ("height", ["batch", 1]),
    ]
    assert [(value.name, value.type, value.shape) for value in session(job).get_outputs()] == [
        ("label", "tensor(string)", ["batch"]),
        ("probabilities", "tensor(float)", ["batch", 2]),
    ]
    assert manifest["validationMetrics"]["accuracy"] > 0.75
    assert set(manifest["validationMetrics"]) == {"accuracy", "logLoss", "rocAuc"}
    assert manifest["parity"]["rows"] == 100
    # The schema lists the classes against the alphabet.
    labels, probabilities = answers(job, pd.DataFrame({"width": [3.0, -3.0], "height": [10.0, 10.0]}))
    assert labels.tolist() == ["wide", "narrow"]
    assert probabilities[0, 0] > 0.9
    assert probabilities[1, 1] > 0.9
    baseline = manifest["baseline"]
    assert sum(baseline["prediction"]["counts"].values()) == baseline["rows"] == 300
    assert sum(baseline["features"]["width"]["counts"]) == 300
    assert len(baseline["features"]["width"]["edges"]) == 9


def test_categories_gaps_and_a_class_that_never_occurs(tmp_path: Path) -> None:
    job = Job.mixed(tmp_path / "ml", "grade").write()
    run(job.layout)
    manifest = job.manifest()
    assert [(spec["name"], spec["datatype"]) for spec in manifest["inputs"]] == [
        ("size", "FP32"),
        ("colour", "BYTES"),
        ("feature_label", "FP32"),
    ]
    frame = mixed_rows(200, seed=3)
    labels, probabilities = answers(job, frame)
    assert probabilities.shape == (200, 4)
    assert (probabilities[:, 0] == 0).all()
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert [manifest["classes"][i] for i in probabilities.argmax(axis=1)] == labels.tolist()
    assert (labels == frame["grade"]).mean() > 0.7
    assert "rocAuc" not in manifest["validationMetrics"]
    colour = manifest["baseline"]["features"]["colour"]
    assert list(colour["counts"]) == sorted(["red", "green", "blau/grün"])
    assert colour["missing"] + sum(colour["counts"].values()) == 400
    assert colour["missing"] > 0
    assert manifest["baseline"]["prediction"]["counts"]["none"] == 0


def test_regression(tmp_path: Path) -> None:
    job = Job.mixed(tmp_path / "ml", "price").write()
    run(job.layout)
    manifest = job.manifest()
    assert manifest["task"] == "regression"
    assert manifest["classes"] == []
    assert manifest["outputs"] == [{"name": "prediction", "datatype": "FP32", "shape": [-1, 1]}]
    assert set(manifest["validationMetrics"]) == {"rootMeanSquaredError", "meanAbsoluteError"}
    assert manifest["baseline"]["prediction"]["kind"] == "number"
    frame = mixed_rows(200, seed=3).dropna()
    (prediction,) = answers(job, frame)
    assert prediction.shape == (len(frame), 1)
    assert np.abs(prediction[:, 0] - frame["price"]).mean() < 25


def test_no_validation_rows(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml", validation=None).write()
    run(job.layout)
    manifest = job.manifest()
    assert manifest["validationMetrics"] == {}
    assert manifest["lineage"]["validationRows"] == 0
    assert manifest["parity"]["rows"] == 300


@pytest.mark.parametrize(
    "estimator",
    [
        "sklearn.ensemble:HistGradientBoostingClassifier()",
        "sklearn.ensemble:GradientBoostingClassifier()",
        "sklearn.ensemble:RandomForestClassifier(20)",
        "sklearn.ensemble:AdaBoostClassifier()",
        "sklearn.neighbors:KNeighborsClassifier()",
        "sklearn.neural_network:MLPClassifier(max_iter=2000)",
        "sklearn.naive_bayes:GaussianNB()",
        "sklearn.tree:DecisionTreeClassifier(max_depth=4)",
    ],
)
def test_estimators_of_many_kinds_keep_parity(tmp_path: Path, estimator: str) -> None:
    module, expression = estimator.split(":", 1)
    name = expression.split("(")[0]
    code = f"from {module} import {name}\ndef build(config):\n    return {expression}\n"
    job = Job(tmp_path / "ml", code=code).write()
    run(job.layout)
    assert job.manifest()["parity"]["maximumAbsoluteError"] < 1e-4


def test_of_a_search_the_best_is_exported(tmp_path: Path) -> None:
    code = """
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GridSearchCV
        def build(config):
            return GridSearchCV(LogisticRegression(), {"C": [0.001, 1]}, cv=3)
    """
    job = Job(tmp_path / "ml", code=code).write()
    run(job.layout)
    assert job.manifest()["validationMetrics"]["accuracy"] > 0.75


def test_trees_on_values_that_fp32_cannot_hold(tmp_path: Path) -> None:
    # Steps far below FP32's at this size: a tree fitted to float64 tells rows apart that the graph cannot.
    frame = rows(400)
    frame["width"] = 16_777_216 + frame["width"] * 4
    code = "from sklearn.tree import DecisionTreeClassifier\ndef build(config):\n    return DecisionTreeClassifier()\n"
    job = Job(tmp_path / "ml", code=code, train=frame[:300], validation=frame[300:]).write()
    run(job.layout)
    assert job.manifest()["parity"]["maximumAbsoluteError"] < 1e-6


def test_columns_that_the_pipeline_drops_stay_inputs(tmp_path: Path) -> None:
    code = """
        from sklearn.compose import make_column_transformer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler
        def build(config):
            return make_pipeline(make_column_transformer((StandardScaler(), ["width"])), LogisticRegression())
    """
    features = {"width": number(), "colour": category(), "height": number()}
    train, validation = (rows(100, seed).assign(colour="red") for seed in (0, 1))
    job = Job(tmp_path / "ml", features=features, code=code, train=train, validation=validation).write()
    run(job.layout)
    assert [spec["name"] for spec in job.manifest()["inputs"]] == ["width", "colour", "height"]
    labels, _ = answers(job, validation)
    assert len(labels) == 100
