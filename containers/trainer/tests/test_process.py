"""The trainer as SageMaker runs it: a process over a folder."""

import hashlib
import signal
import subprocess
from pathlib import Path

import pytest
from millrace_trainer.train import run
from trainer_job import Job

REPOSITORY = Path(__file__).resolve().parents[3]


def test_writes_a_model_and_prints_its_metrics(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml").write()
    code, output = job.run()
    assert code == 0, output
    assert not job.layout.failure.exists()
    assert "validation:logLoss=0." in output
    assert "step=read" in output
    assert "trainRows=300 validationRows=100" in output
    model = (job.layout.model / "model.onnx").read_bytes()
    assert job.manifest()["model"]["sha256"] == hashlib.sha256(model).hexdigest()
    assert job.manifest()["model"]["bytes"] == len(model)


@pytest.mark.parametrize("target", ["price", "grade"])
def test_what_it_reads_and_writes_keeps_the_contracts(tmp_path: Path, target: str) -> None:
    job = Job.mixed(tmp_path / "ml", target).write()
    run(job.layout)
    checked = subprocess.run(
        [
            REPOSITORY / "node_modules/.bin/node",
            Path(__file__).with_name("check-contracts.ts"),
            job.layout.config,
            job.layout.model / "manifest.json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    written = []
    # Other string hashes, another folder, code in a zip and as files: none of it may show.
    for name, seed, packed in (("one", "1", True), ("two", "2", False)):
        job = Job.mixed(tmp_path / name, "grade")
        job.packed = packed
        code, output = job.write().run(PYTHONHASHSEED=seed)
        assert code == 0, output
        written.append([(job.layout.model / file).read_bytes() for file in ("model.onnx", "manifest.json")])
    assert written[0] == written[1]


def test_code_that_raises_fails_with_its_line(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml", code="def build(config):\n    raise ValueError('no such\\nthing')\n").write()
    code, output = job.run()
    assert code == 1
    assert job.failure() == "ValueError in pipeline.py:2: no such thing"
    assert "failure=ValueError in pipeline.py:2" in output
    assert "Traceback" in job.layout.failure.read_text(encoding="utf-8")
    assert not job.layout.model.exists()


def test_no_configuration_fails_with_a_sentence(tmp_path: Path) -> None:
    job = Job(tmp_path / "ml")
    code, _ = job.run()
    assert code == 1
    assert job.failure().startswith("channel 'config' has no training.json: expected it at ")


def test_sigterm_ends_it_at_once_with_a_note(tmp_path: Path) -> None:
    # Long native work, in which a Python signal handler would have to wait.
    slow = """
        import numpy as np
        def build(config):
            print("building", flush=True)
            np.sort(np.random.default_rng(0).random(400_000_000))
    """
    job = Job(tmp_path / "ml", code=slow).write()
    with job.start() as process:
        assert process.stdout is not None
        assert any("building" in line for line in process.stdout)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 143
    assert job.failure().startswith("the training was stopped by SIGTERM before it finished")


def test_other_arguments_are_refused(tmp_path: Path) -> None:
    with Job(tmp_path).start() as process:
        arguments = [*process.args[:-1], "serve"] if isinstance(process.args, list) else []
        process.kill()
    refused = subprocess.run(
        arguments, capture_output=True, text=True, check=False, cwd=REPOSITORY / "containers/trainer"
    )
    assert refused.returncode == 2
    assert "expected: python -m millrace_trainer train" in refused.stderr
