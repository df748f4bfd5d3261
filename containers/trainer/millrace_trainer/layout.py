"""Where SageMaker's container contract puts things."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The folders under `/opt/ml`, or under `MILLRACE_ML_ROOT` where there is no container."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Layout":
        return cls(Path(os.environ.get("MILLRACE_ML_ROOT") or "/opt/ml"))

    def channel(self, name: str) -> Path:
        return self.root / "input" / "data" / name

    @property
    def config(self) -> Path:
        return self.channel("config") / "training.json"

    @property
    def model(self) -> Path:
        return self.root / "model"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def failure(self) -> Path:
        return self.root / "output" / "failure"
