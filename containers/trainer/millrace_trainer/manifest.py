"""`manifest.json`, whose contract is `trainedManifest` in `lambdas/contracts/model-manifest.ts`."""

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from millrace_trainer.config import TrainingConfig
from millrace_trainer.parity import Parity
from millrace_trainer.signature import Tensor, input_name, output_tensors

MODEL_FILE = "model.onnx"
MANIFEST_FILE = "manifest.json"

PACKAGES = ("numpy", "onnx", "onnxruntime", "pandas", "pyarrow", "scikit-learn", "scipy", "skl2onnx")


@dataclass(frozen=True)
class Outcome:
    """What the training found out, beyond what it was told."""

    model: bytes
    opset: int
    parity: Parity
    validation_metrics: dict[str, float]
    feature_baselines: dict[str, dict[str, object]]
    prediction_baseline: dict[str, object]
    train_rows: int
    validation_rows: int
    code_sha256: str


def write_model(folder: Path, config: TrainingConfig, outcome: Outcome) -> None:
    """Writes `model.onnx`, then `manifest.json`, which names its hash. Neither holds a time or a path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL_FILE).write_bytes(outcome.model)
    text = json.dumps(manifest(config, outcome), indent=2, allow_nan=False, ensure_ascii=False)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def manifest(config: TrainingConfig, outcome: Outcome) -> dict[str, object]:
    return {
        "schemaVersion": 1,
        "project": config.project,
        "runId": config.run_id,
        "task": config.task,
        "classes": list(config.target.values),
        "inputs": _inputs(config),
        "outputs": [asdict(tensor) for tensor in output_tensors(config.target)],
        "model": {
            "file": MODEL_FILE,
            "sha256": hashlib.sha256(outcome.model).hexdigest(),
            "bytes": len(outcome.model),
            "opset": outcome.opset,
        },
        "parity": {"rows": outcome.parity.rows, "maximumAbsoluteError": outcome.parity.maximum_absolute_error},
        "validationMetrics": outcome.validation_metrics,
        "baseline": {
            "rows": outcome.train_rows,
            "features": outcome.feature_baselines,
            "prediction": outcome.prediction_baseline,
        },
        "lineage": {
            "datasetId": config.dataset_id,
            "manifestUri": config.manifest_uri,
            "trainRows": outcome.train_rows,
            "validationRows": outcome.validation_rows,
            "codeSha256": outcome.code_sha256,
            "hyperparameters": config.hyperparameters,
            "seed": config.seed,
            "packages": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        },
    }


def _inputs(config: TrainingConfig) -> list[dict[str, object]]:
    tensors = []
    for feature in config.features:
        datatype = "FP32" if feature.type == "number" else "BYTES"
        tensor = Tensor(input_name(feature, config.features), datatype, [-1, 1])
        tensors.append({**asdict(tensor), "features": [feature.name]})
    return tensors
