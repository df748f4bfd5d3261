"""The training itself, from channels to model: every step in order."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from millrace_trainer.baseline import category_baseline, feature_baseline, numeric_baseline
from millrace_trainer.build_config import BuildConfig
from millrace_trainer.config import TrainingConfig, read_config
from millrace_trainer.data import Part, check_train_part, read_part
from millrace_trainer.failure import TrainingFailure, describe
from millrace_trainer.fitting import fit, seed_everything
from millrace_trainer.layout import Layout
from millrace_trainer.manifest import Outcome, write_model
from millrace_trainer.metrics import classification_metrics, regression_metrics
from millrace_trainer.parity import check_parity
from millrace_trainer.progress import report, report_metrics
from millrace_trainer.project_code import build_estimator, hash_code, unpacked
from millrace_trainer.runtime import Runner, Scores


def run(layout: Layout) -> None:
    """Trains what the layout's channels say and writes the model and its manifest.

    Raises `TrainingFailure` with one sentence that names the cause, whatever it was: also for what the project's code
    raises, with its place there.
    """
    config = read_config(layout.config)
    with unpacked(layout.channel("code")) as code:
        try:
            _train(layout, config, code)
        except TrainingFailure:
            raise
        # SystemExit too: code that calls sys.exit(0) has trained nothing.
        except (Exception, SystemExit) as error:
            raise TrainingFailure(describe(error, code)) from error


def _train(layout: Layout, config: TrainingConfig, code: Path) -> None:
    train_part = read_part(layout.channel("train"), "train", config)
    check_train_part(train_part, config, layout.channel("train"))
    validation_part = read_part(layout.channel("validation"), "validation", config)
    report("read", trainRows=train_part.rows, validationRows=validation_part.rows, features=len(config.features))

    # Before its code runs, which might write beside itself.
    code_sha256 = hash_code(code)
    seed_everything(config.seed)
    layout.checkpoints.mkdir(parents=True, exist_ok=True)
    estimator = build_estimator(
        code,
        BuildConfig(config.features, config.target, config.hyperparameters, config.seed % 2**32, layout.checkpoints),
    )
    model = fit(estimator, train_part, config)
    report("fit", estimator=type(model).__name__)

    exported, opset = _export(model, config)
    runner = Runner(exported, config.features)
    report("export", bytes=len(exported), opset=opset)

    parity = check_parity(model, runner, (validation_part if validation_part.rows else train_part).frame, config)
    report("parity", rows=parity.rows, maximumAbsoluteError=f"{parity.maximum_absolute_error:.3g}")

    train_scores = runner.score(train_part.frame)
    _measure("train", train_part, train_scores, config)
    validation_metrics = {}
    if validation_part.rows:
        validation_metrics = _measure("validation", validation_part, runner.score(validation_part.frame), config)

    outcome = Outcome(
        model=exported,
        opset=opset,
        parity=parity,
        validation_metrics=validation_metrics,
        feature_baselines={
            feature.name: feature_baseline(feature, train_part.frame[feature.name].to_numpy())
            for feature in config.features
        },
        prediction_baseline=_prediction_baseline(train_scores, config),
        train_rows=train_part.rows,
        validation_rows=validation_part.rows,
        code_sha256=code_sha256,
    )
    write_model(layout.model, config, outcome)
    report("done")


def _export(model: Any, config: TrainingConfig) -> tuple[bytes, int]:
    """The serialized model with Millrace's signature, and its operator set."""
    # Imported late, because it takes a third of a second and code that fails should fail before.
    from millrace_trainer.onnx_conversion import convert, joins_features
    from millrace_trainer.onnx_signature import opset, with_signature

    seen = [str(label) for label in model.classes_] if config.task == "classification" else []
    try:
        converted = convert(model, config.features)
        joined = joins_features(model, config.features)
        exported = with_signature(converted, joined, config.features, config.target, seen)
    except Exception as error:
        # skl2onnx's messages go on for paragraphs, and its node errors print whole forests.
        message = (str(error).strip().splitlines() or ["no message"])[0][:300]
        cause = f"{type(error).__name__}: {message}"
        raise TrainingFailure(
            f"{type(model).__name__} cannot be exported to ONNX: {cause}; "
            "use estimators and transformers that skl2onnx converts (https://onnx.ai/sklearn-onnx/supported.html)"
        ) from error
    return exported.SerializeToString(deterministic=True), opset(exported)


def _measure(name: str, part: Part, scores: Scores, config: TrainingConfig) -> dict[str, float]:
    """Metrics of the graph's own answers, printed, and finite."""
    if config.task == "classification":
        if not np.isfinite(scores.probabilities).all():
            raise TrainingFailure(
                f"{name} rows get a probability that is not finite: impute missing values and limit large ones in pipeline.py"
            )
        metrics = classification_metrics(part.target, scores.labels, scores.probabilities, config.target.values)
    else:
        metrics = regression_metrics(part.target, scores.values)
    report_metrics(name, metrics)
    for metric, value in metrics.items():
        if not math.isfinite(value):
            raise TrainingFailure(
                f"metric {name}:{metric} is {value}: expected a finite number; look for extreme values in the data and the pipeline"
            )
    return metrics


def _prediction_baseline(scores: Scores, config: TrainingConfig) -> dict[str, object]:
    if config.task == "classification":
        return category_baseline(scores.labels, known=config.target.values)
    return numeric_baseline(scores.values)
