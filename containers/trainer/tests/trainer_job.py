"""A training job in a temporary folder, under the container contract."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from millrace_trainer.layout import Layout

PACKAGE_PARENT = Path(__file__).resolve().parents[1]

LOGISTIC = """
    from millrace_trainer import BuildConfig
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import StandardScaler

    def build(config: BuildConfig) -> Pipeline:
        return make_pipeline(StandardScaler(), LogisticRegression(C=config.number("C", 1.0)))
"""

MIXED = """
    from millrace_trainer import BuildConfig
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoosting{kind}
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline, make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    def build(config: BuildConfig) -> Pipeline:
        columns = ColumnTransformer([
            ("numbers", SimpleImputer(), config.numbers),
            ("categories", OneHotEncoder(handle_unknown="ignore", sparse_output=False), config.categories),
        ])
        return make_pipeline(columns, HistGradientBoosting{kind}(max_iter=20, random_state=config.seed))
"""


def number(**more: Any) -> dict[str, Any]:
    return {"type": "number", **more}


def category(**more: Any) -> dict[str, Any]:
    return {"type": "category", **more}


def rows(count: int, seed: int = 0) -> pd.DataFrame:
    """Two classes told apart by `width`, with noise."""
    random = np.random.default_rng(seed)
    width = random.normal(size=count)
    noisy = width + random.normal(scale=0.5, size=count)
    return pd.DataFrame(
        {"width": width, "height": random.normal(10, 3, size=count), "kind": np.where(noisy > 0, "wide", "narrow")}
    )


def mixed_rows(count: int, seed: int = 0) -> pd.DataFrame:
    """A number with gaps, a category with gaps, a feature by an output's name, three classes and a value to predict."""
    random = np.random.default_rng(seed)
    colour = random.choice(["red", "green", "blau/grün"], size=count).astype(object)
    label = random.normal(size=count)
    size = random.normal(100, 20, size=count)
    price = size * 3 + 50 * (colour == "red") + 10 * label
    size[random.random(count) < 0.1] = np.nan
    colour[random.random(count) < 0.1] = None
    # A class that sorts otherwise than the schema lists it, and one that never occurs.
    grade = np.select([price < 280, price < 330], ["low", "middle"], "high")
    return pd.DataFrame({"size": size, "colour": colour, "label": label, "price": price, "grade": grade})


@dataclass
class Job:
    """Defaults make a training of `rows` that succeeds; a test changes what it is about."""

    root: Path
    features: dict[str, dict[str, Any]] = field(default_factory=lambda: {"width": number(), "height": number()})
    target: dict[str, Any] = field(
        default_factory=lambda: {"column": "kind", "type": "category", "values": ["wide", "narrow"]}
    )
    hyperparameters: dict[str, Any] = field(default_factory=dict)
    train: pd.DataFrame | None = field(default_factory=lambda: rows(300))
    validation: pd.DataFrame | None = field(default_factory=lambda: rows(100, seed=1))
    code: str = LOGISTIC
    packed: bool = True
    changes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def mixed(cls, root: Path, target: str) -> "Job":
        targets = {
            "price": {"column": "price", "type": "number", "values": []},
            "grade": {"column": "grade", "type": "category", "values": ["none", "middle", "low", "high"]},
        }
        return cls(
            root,
            features={"size": number(nullable=True), "colour": category(nullable=True), "label": number()},
            target=targets[target],
            train=mixed_rows(400),
            validation=mixed_rows(150, seed=1),
            code=MIXED.format(kind="Regressor" if target == "price" else "Classifier"),
        )

    @property
    def layout(self) -> Layout:
        return Layout(self.root)

    def config(self) -> dict[str, Any]:
        return {
            "schemaVersion": 1,
            "project": "test-project",
            "runId": "run-1",
            "datasetId": "d" * 64,
            "manifestUri": "s3://bucket/datasets/manifest.json",
            "features": [{"name": name, "feature": feature} for name, feature in self.features.items()],
            "target": self.target,
            "hyperparameters": self.hyperparameters,
            "seed": 7,
        } | self.changes

    def write(self) -> "Job":
        shutil.rmtree(self.root, ignore_errors=True)
        for name, part in (("train", self.train), ("validation", self.validation)):
            if part is not None:
                folder = self.layout.channel(name) / "year=2026"
                folder.mkdir(parents=True)
                half = len(part) // 2
                part[:half].to_parquet(folder / "a.parquet", index=False)
                part[half:].to_parquet(folder / "b.parquet", index=False)
        self.layout.config.parent.mkdir(parents=True)
        self.layout.config.write_text(json.dumps(self.config()), encoding="utf-8")
        channel = self.layout.channel("code")
        channel.mkdir(parents=True)
        source = textwrap.dedent(self.code)
        if self.packed:
            with zipfile.ZipFile(channel / "code.zip", "w") as file:
                file.writestr("pipeline.py", source)
        else:
            (channel / "pipeline.py").write_text(source, encoding="utf-8")
        return self

    def start(self, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "millrace_trainer", "train"],
            env={**os.environ, "PYTHONPATH": str(PACKAGE_PARENT), "MILLRACE_ML_ROOT": str(self.root), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, **environment: str) -> tuple[int, str]:
        """Exit code and standard output of the real process."""
        with self.start(**environment) as process:
            out, err = process.communicate(timeout=60)
        return process.returncode, out + err

    def failure(self) -> str:
        """First line of the failure file."""
        return self.layout.failure.read_text(encoding="utf-8").splitlines()[0]

    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.layout.model / "manifest.json").read_text(encoding="utf-8"))
        return manifest
