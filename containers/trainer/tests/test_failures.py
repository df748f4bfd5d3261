"""Everything that can be wrong with a job, each with the sentence that a person gets."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from millrace_trainer.failure import TrainingFailure
from millrace_trainer.train import run
from trainer_job import Job, category, number, rows


def sentence(job: Job) -> str:
    with pytest.raises(TrainingFailure) as caught:
        run(job.layout)
    assert not job.layout.model.exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def changed(**columns: Any) -> pd.DataFrame:
    return rows(50).assign(**columns)


def pipeline(expression: str, imports: str = "") -> str:
    return f"{imports}\ndef build(config):\n    return {expression}\n"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"train": None},
            r"channel 'train' is missing: expected Parquet files in .*; give the training job that channel",
        ),
        ({"train": rows(0)}, r"channel 'train' has no rows"),
        (
            {"train": rows(50).drop(columns="width")},
            r"train/year=2026/a.parquet has no column 'width' \(1 of 3 are missing\)",
        ),
        ({"validation": rows(50).drop(columns="kind")}, r"validation/.* has no column 'kind'"),
        ({"train": changed(width="a lot")}, r"column 'width' of train/.* holds \w*string: expected numbers"),
        (
            {"train": changed(width=1e300)},
            r"column 'width' of train/.* holds 1e\+300: expected finite numbers within FP32",
        ),
        ({"train": changed(width=np.nan)}, r"column 'width' of train/.* has 25 missing values"),
        ({"train": changed(kind=None)}, r"target 'kind' of train/.* is missing in 25 rows"),
        (
            {"train": changed(kind="tall")},
            r"target 'kind' of train/.* holds 'tall': expected one of \['wide', 'narrow'\]",
        ),
        ({"train": changed(kind="wide")}, r"all 50 training rows have kind 'wide': expected at least two of"),
        ({"features": {"kind": category()}}, r"does not match its contract at target.column"),
        (
            {"features": {"width": number(nullable=True)}, "train": changed(width=np.nan)},
            r"column 'width' has no value in any of 50 training rows",
        ),
    ],
)
def test_data(tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    job = Job(tmp_path / "ml", **changes).write()
    assert_matches(sentence(job), expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"schemaVersion": 2}, "at schemaVersion: received 2, expected 1"),
        ({"runId": "a b"}, 'at runId: received "a b", expected a text like'),
        ({"datasetId": None}, "at datasetId: received nothing"),
        ({"features": []}, r"at features: received \[\], expected at least one feature"),
        ({"features": [{"name": "width", "feature": {"type": "date"}}]}, 'at features.0.feature.type: received "date"'),
        ({"target": {"column": "kind", "type": "category", "values": ["a"]}}, "at target.values: .*two or more"),
        ({"hyperparameters": {"C": [1]}}, r"at hyperparameters.C: received \[1\]"),
        ({"seed": -1}, "at seed: received -1, expected a whole number from 0"),
        ({"seed": True}, "at seed: received true"),
    ],
)
def test_configuration(tmp_path: Path, changes: dict[str, Any], expected: str) -> None:
    assert_matches(sentence(Job(tmp_path / "ml", changes=changes).write()), expected)


def test_configuration_that_is_no_json(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml").write()
    job.layout.config.write_text(json.dumps(job.config()).replace("7", "NaN"), encoding="utf-8")
    assert_matches(sentence(job), "training.json is not JSON in UTF-8: NaN is no JSON number")


def test_parquet_that_is_none(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml").write()
    (job.layout.channel("train") / "z.parquet").write_bytes(b"PAR1 nothing")
    assert_matches(sentence(job), "train/z.parquet is no readable Parquet file: .*; write it again")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def build(config):\n  return {", r"SyntaxError in pipeline.py:2: '\{' was never closed"),
        ("import sys\nsys.exit(0)", "SystemExit in pipeline.py:2: 0"),
        ("import nothing_like_it", "ModuleNotFoundError in pipeline.py:1: No module named"),
        ("x = 1", "pipeline.py defines no function 'build'"),
        (pipeline("config"), "build.config. in pipeline.py returned BuildConfig: expected a scikit-learn estimator"),
        (
            pipeline("LinearSVC()", "from sklearn.svm import LinearSVC"),
            "returned LinearSVC, which has no predict_proba",
        ),
        (
            pipeline("config.number('depth', 1)"),
            "HyperparameterError in .*: hyperparameter 'depth' is 'deep', expected a number",
        ),
        (
            pipeline("LogisticRegression(C=-1)", "from sklearn.linear_model import LogisticRegression"),
            r"InvalidParameterError in millrace_trainer/fitting.py:\d+: The 'C' parameter",
        ),
        (
            pipeline("Chance()", "from sklearn.dummy import DummyClassifier\nclass Chance(DummyClassifier):\n    pass"),
            "Chance cannot be exported to ONNX: .*; use estimators and transformers that skl2onnx converts",
        ),
    ],
)
def test_project_code(tmp_path: Path, code: str, expected: str) -> None:
    job = Job(tmp_path / "ml", code=code, hyperparameters={"depth": "deep"}).write()
    assert_matches(sentence(job), expected)


def test_code_channel_without_a_pipeline(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml", packed=False).write()
    (job.layout.channel("code") / "pipeline.py").rename(job.layout.channel("code") / "model.py")
    assert_matches(sentence(job), r"channel 'code' has no pipeline.py at its root: found \['model.py'\]")


def test_code_archive_that_is_none(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml").write()
    (job.layout.channel("code") / "code.zip").write_bytes(b"no zip")
    assert_matches(sentence(job), "code.zip in channel 'code' cannot be unpacked")


def test_classifier_for_a_number(tmp_path: Path) -> None:
    job = Job.mixed(tmp_path / "ml", "price")
    job.code = pipeline("GaussianNB()", "from sklearn.naive_bayes import GaussianNB")
    assert_matches(sentence(job.write()), "returned a classifier, GaussianNB, but the target 'price' is a number")


UNLIKE = """
    from sklearn.linear_model import LogisticRegression
    class Unlike(LogisticRegression):
        '''Answers something else than its coefficients say, as a converter that is wrong would make it.'''
        def predict_proba(self, rows):
            answer = super().predict_proba(rows)
            return {answer}
    from skl2onnx import update_registered_converter
    from skl2onnx.operator_converters.linear_classifier import convert_sklearn_linear_classifier
    from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
    update_registered_converter(
        Unlike, "Unlike", calculate_linear_classifier_output_shapes, convert_sklearn_linear_classifier,
        options={{"zipmap": [False], "nocl": [False], "output_class_labels": [False], "raw_scores": [False]}}, overwrite=True,
    )
    def build(config):
        return Unlike()
"""


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("answer[:, ::-1]", "ONNX Runtime's probabilities differ from scikit-learn's by .* where 0.0001 is allowed"),
        ("answer * float('nan')", "a probability by scikit-learn is not finite"),
    ],
)
def test_parity(tmp_path: Path, answer: str, expected: str) -> None:
    assert_matches(sentence(Job(tmp_path / "ml", code=UNLIKE.format(answer=answer)).write()), expected)


def test_metric_that_is_not_finite(tmp_path: Path) -> None:
    job = Job.mixed(tmp_path / "ml", "price")
    job.code = pipeline("DummyRegressor()", "from sklearn.linear_model import LinearRegression as DummyRegressor")
    job.features = {"label": number()}
    assert job.validation is not None
    # The square of this overflows, though it is finite.
    job.validation = job.validation.assign(price=1e200)
    assert_matches(sentence(job.write()), "metric validation:rootMeanSquaredError is inf")


def assert_matches(text: str, pattern: str) -> None:
    assert re.search(pattern, text), text
