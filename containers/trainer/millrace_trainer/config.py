"""Reads `training.json`, whose contract is `lambdas/contracts/training-config.ts`."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from millrace_trainer.build_config import Feature, Hyperparameter, Target
from millrace_trainer.failure import TrainingFailure

Kind = Literal["number", "category"]

PROJECT = re.compile(r"(?=.{1,40}\Z)[a-z][a-z0-9]*(-[a-z0-9]+)*")
RUN_ID = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
SHA256 = re.compile(r"[0-9a-f]{64}")
S3_URI = re.compile(r"s3://[^/]+/.+")


@dataclass(frozen=True)
class TrainingConfig:
    """What the trainer is told. `features` are in the order in which the model is given them."""

    project: str
    run_id: str
    dataset_id: str
    manifest_uri: str
    features: tuple[Feature, ...]
    target: Target
    hyperparameters: dict[str, Hyperparameter]
    seed: int

    @property
    def task(self) -> Literal["classification", "regression"]:
        return "classification" if self.target.type == "category" else "regression"


def read_config(path: Path) -> TrainingConfig:
    """Reads and checks the configuration.

    Raises `TrainingFailure` where the file is missing, is no JSON, or a value does not match, naming it by its path.
    """
    if not path.is_file():
        raise TrainingFailure(
            f"channel 'config' has no training.json: expected it at {path}; give the training job a channel 'config' with that file"
        )
    try:
        document = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except ValueError as error:
        raise TrainingFailure(
            f"training.json is not JSON in UTF-8: {error}; write it by the trainingConfig contract"
        ) from error
    return _config(document)


def _config(document: object) -> TrainingConfig:
    root = _object(document, "the document")
    if root.get("schemaVersion") != 1:
        raise _mismatch("schemaVersion", root.get("schemaVersion"), "1")
    features = tuple(_feature(item, f"features.{i}") for i, item in enumerate(_list(root.get("features"), "features")))
    names = [feature.name for feature in features]
    if not names:
        raise _mismatch("features", [], "at least one feature")
    for name in names:
        if names.count(name) > 1:
            raise _mismatch("features", name, "each name once")
    target = _target(root.get("target"))
    if target.column in names:
        raise _mismatch("target.column", target.column, "a column that is no feature")
    return TrainingConfig(
        project=_text(root.get("project"), "project", PROJECT),
        run_id=_text(root.get("runId"), "runId", RUN_ID),
        dataset_id=_text(root.get("datasetId"), "datasetId", SHA256),
        manifest_uri=_text(root.get("manifestUri"), "manifestUri", S3_URI),
        features=features,
        target=target,
        hyperparameters={
            name: _hyperparameter(value, f"hyperparameters.{name}")
            for name, value in _object(root.get("hyperparameters"), "hyperparameters").items()
        },
        seed=_seed(root.get("seed")),
    )


def _feature(value: object, path: str) -> Feature:
    item = _object(value, path)
    kind = _object(item.get("feature"), f"{path}.feature")
    nullable = kind.get("nullable", False)
    if not isinstance(nullable, bool):
        raise _mismatch(f"{path}.feature.nullable", nullable, "true or false")
    return Feature(_text(item.get("name"), f"{path}.name"), _kind(kind.get("type"), f"{path}.feature.type"), nullable)


def _target(value: object) -> Target:
    item = _object(value, "target")
    kind = _kind(item.get("type"), "target.type")
    values = tuple(
        _text(entry, f"target.values.{i}") for i, entry in enumerate(_list(item.get("values"), "target.values"))
    )
    if kind == "number" and values:
        raise _mismatch("target.values", list(values), "an empty list, because the target is a number")
    if kind == "category" and (len(values) < 2 or len(set(values)) < len(values)):
        raise _mismatch("target.values", list(values), "two or more different classes")
    return Target(_text(item.get("column"), "target.column"), kind, values)


def _kind(value: object, path: str) -> Kind:
    if value == "number":
        return "number"
    if value == "category":
        return "category"
    raise _mismatch(path, value, "'number' or 'category'")


def _hyperparameter(value: object, path: str) -> Hyperparameter:
    if isinstance(value, str | int | float | bool):
        return value
    raise _mismatch(path, value, "a text, a number or a boolean")


def _seed(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
        return value
    raise _mismatch("seed", value, "a whole number from 0")


def _object(value: object, path: str) -> dict[str, object]:
    if isinstance(value, dict):
        return value
    raise _mismatch(path, value, "an object")


def _list(value: object, path: str) -> list[object]:
    if isinstance(value, list):
        return value
    raise _mismatch(path, value, "a list")


def _text(value: object, path: str, pattern: re.Pattern[str] | None = None) -> str:
    if not isinstance(value, str) or not value:
        raise _mismatch(path, value, "a text that is not empty")
    if pattern and not pattern.fullmatch(value):
        raise _mismatch(path, value, f"a text like {pattern.pattern}")
    return value


def _mismatch(path: str, value: object, expected: str) -> TrainingFailure:
    received = "nothing" if value is None else json.dumps(value)[:120]
    return TrainingFailure(
        f"training.json does not match its contract at {path}: received {received}, expected {expected}; "
        "correct it where the training job is requested"
    )


def _no_constant(name: str) -> None:
    # Python reads NaN and Infinity, which JSON does not have.
    raise ValueError(f"{name} is no JSON number")
