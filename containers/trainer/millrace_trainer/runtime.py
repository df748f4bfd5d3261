"""Runs the exported graph by ONNX Runtime, as serving does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import pandas as pd

from millrace_trainer.build_config import Feature
from millrace_trainer.signature import input_name

BATCH_ROWS = 65_536


@dataclass(frozen=True)
class Scores:
    """What the graph answered. `labels` (rows,) and `probabilities` (rows, classes), or `values` (rows,); else empty."""

    labels: npt.NDArray[Any]
    probabilities: npt.NDArray[np.float32]
    values: npt.NDArray[np.float32]


class Runner:
    """A session over a serialized model, on the CPU."""

    def __init__(self, model: bytes, features: Sequence[Feature]) -> None:
        options = onnxruntime.SessionOptions()
        # One thread adds up in one order, whatever the machine: what is measured here goes into the manifest.
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._inputs = [(input_name(feature, features), feature) for feature in features]
        self._classifies = [output.name for output in self._session.get_outputs()] == ["label", "probabilities"]

    def score(self, frame: pd.DataFrame) -> Scores:
        """Scores one row or more."""
        starts = range(0, len(frame), BATCH_ROWS)
        batches = [self._run(frame.iloc[start : start + BATCH_ROWS]) for start in starts]
        joined = [np.concatenate(outputs) for outputs in zip(*batches, strict=True)]
        nothing = np.empty(0, dtype=np.float32)
        if self._classifies:
            return Scores(joined[0].astype(object), joined[1], nothing)
        return Scores(np.empty(0, dtype=object), nothing, joined[0].reshape(len(frame)))

    def _run(self, frame: pd.DataFrame) -> list[npt.NDArray[Any]]:
        feed = {}
        for name, feature in self._inputs:
            kind = np.float32 if feature.type == "number" else object
            feed[name] = frame[feature.name].to_numpy(dtype=kind).reshape(-1, 1)
        results: list[npt.NDArray[Any]] = self._session.run(None, feed)
        return results
