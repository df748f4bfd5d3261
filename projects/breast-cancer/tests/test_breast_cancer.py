"""The generator is seeded and keeps the schema, and the shift does what the story needs."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from millrace_trainer import BuildConfig, Target
from sklearn.metrics import log_loss

PROJECT = Path(__file__).resolve().parents[1]
REPOSITORY = PROJECT.parents[1]


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the script is run: its folder is where it imports from."""
    monkeypatch.syspath_prepend(PROJECT / "data")


def main(*arguments: str) -> int:
    code: int = runpy.run_path(str(PROJECT / "data/generate.py"))["main"](arguments)
    return code


def generate(out: Path, *arguments: str) -> pd.DataFrame:
    assert main(*arguments, "--out", str(out)) == 0
    if out.suffix == ".csv":
        return pd.read_csv(out)
    return pd.read_parquet(out) if out.suffix == ".parquet" else pd.read_json(out, lines=True)


@pytest.fixture(scope="module")
def definition() -> dict[str, Any]:
    """The project as every part of Millrace reads it."""
    script = "import(process.argv[1]).then((m) => console.log(JSON.stringify(m.default)))"
    node = REPOSITORY / "node_modules/.bin/node"
    result = subprocess.run([node, "-e", script, PROJECT / "project.ts"], check=True, capture_output=True, text=True)
    parsed: dict[str, Any] = json.loads(result.stdout)
    return parsed


def keeps_schema(frame: pd.DataFrame, definition: dict[str, Any]) -> None:
    schema = definition["schema"]
    assert list(frame.columns) == [*schema["features"], schema["target"]["column"]]
    numbers = frame[list(schema["features"])].to_numpy()
    assert np.isfinite(numbers).all()
    assert (numbers >= 0).all()
    assert set(frame["diagnosis"]) == set(schema["target"]["values"])


def test_the_real_rows(tmp_path: Path, definition: dict[str, Any]) -> None:
    frame = generate(tmp_path / "real.csv", "real")
    keeps_schema(frame, definition)
    assert len(frame) == 569
    assert (frame["diagnosis"] == "malignant").sum() == 212
    # Malignant nuclei are larger: labels belong to their rows.
    means = frame.groupby("diagnosis")["mean_radius"].mean()
    assert means["malignant"] > 17 > 13 > means["benign"]


def test_all_formats_hold_the_same_rows_across_chunks(tmp_path: Path, definition: dict[str, Any]) -> None:
    frames = [generate(tmp_path / f"rows.{kind}", "rows", "--count", "60000") for kind in ("csv", "parquet")]
    few = generate(tmp_path / "few.jsonl", "rows", "--count", "20")
    keeps_schema(frames[0], definition)
    assert len(frames[0]) == 60_000
    pd.testing.assert_frame_equal(frames[0], frames[1])
    pd.testing.assert_frame_equal(few, frames[0][:20])
    assert frames[0].duplicated().sum() == 0


def test_a_seed_is_a_file(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]
    for file, seed in zip(files, ("3", "3", "4"), strict=True):
        generate(file, "rows", "--count", "50", "--seed", seed)
    assert files[0].read_bytes() == files[1].read_bytes() != files[2].read_bytes()


def test_labels_can_be_left_out(tmp_path: Path) -> None:
    assert "diagnosis" not in generate(tmp_path / "rows.csv", "rows", "--count", "5", "--no-labels")


def test_an_unknown_ending_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("real", "--out", str(tmp_path / "real.xlsx")) == 2
    assert "'real.xlsx' ends in '.xlsx': expected one of .csv, .parquet, .jsonl" in capsys.readouterr().err


def test_the_command_line(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(PROJECT / "data/generate.py"),
        "rows",
        "--count",
        "3",
        "--out",
        str(tmp_path / "rows.csv"),
    ]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.startswith("rows=3 file=")


def test_the_shifted_world_reads_larger_and_the_usual_one_does_not(tmp_path: Path) -> None:
    real = generate(tmp_path / "real.csv", "real")
    usual, shifted = (
        generate(tmp_path / f"{world}.csv", "rows", "--count", "2000", "--world", world)
        for world in ("usual", "shifted")
    )
    numbers = [column for column in real if column != "diagnosis"]
    change = usual[numbers].mean() / real[numbers].mean()
    assert change.between(0.9, 1.1).all(), change
    assert (shifted["diagnosis"] == usual["diagnosis"]).all()
    ratios = shifted[numbers].mean() / usual[numbers].mean()
    assert ratios["mean_radius"] == pytest.approx(1.5, rel=1e-4)
    assert ratios["worst_area"] == pytest.approx(2.25, rel=1e-4)
    assert ratios["texture_error"] == pytest.approx(0.85, rel=1e-4)


def test_a_model_of_the_real_rows_suffers_from_the_shift_and_learns_it(tmp_path: Path) -> None:
    real = generate(tmp_path / "real.csv", "real")
    shifted = generate(tmp_path / "shifted.csv", "rows", "--count", "1400", "--world", "shifted")
    new, held_out = shifted[:400], shifted[400:]
    before = log_loss_of(real[:400], held_out)
    after = log_loss_of(pd.concat([real[:400], new]), held_out)
    assert log_loss_of(real[:400], real[400:]) < 0.15
    assert before > 0.4
    assert after < 0.15
    # The champion and its challenger are compared on both worlds at once.
    mix = pd.concat([real[400:], held_out[:100]])
    assert log_loss_of(pd.concat([real[:400], new]), mix) < log_loss_of(real[:400], mix) / 1.5


def log_loss_of(train: pd.DataFrame, test: pd.DataFrame) -> float:
    columns = [column for column in train if column != "diagnosis"]
    config = BuildConfig((), Target("diagnosis", "category", ("benign", "malignant")), {}, 0, PROJECT)
    pipeline = runpy.run_path(str(PROJECT / "train/pipeline.py"))["build"](config)
    pipeline.fit(train[columns], train["diagnosis"])
    return float(log_loss(test["diagnosis"], pipeline.predict_proba(test[columns])))
