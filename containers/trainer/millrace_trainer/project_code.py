"""The project's `train/` folder: found, hashed, imported, and its `build` called."""

import hashlib
import importlib.util
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from millrace_trainer.build_config import BuildConfig
from millrace_trainer.failure import TrainingFailure

ENTRY = "pipeline.py"


@contextmanager
def unpacked(channel: Path) -> Iterator[Path]:
    """The folder that holds the project's code: one zip unpacked to a temporary folder, or the channel itself.

    Raises `TrainingFailure` where there is no `pipeline.py` at its root.
    """
    archives = sorted(channel.glob("*.zip")) if channel.is_dir() else []
    if len(archives) > 1:
        raise TrainingFailure(
            f"channel 'code' has {len(archives)} zip files ({', '.join(a.name for a in archives)}): expected one"
        )
    with tempfile.TemporaryDirectory(prefix="millrace-code-") as temporary:
        root = channel
        if archives:
            # Resolved, because tracebacks are matched against it and a temporary folder may be behind a link.
            root = Path(temporary).resolve()
            _unzip(archives[0], root)
        if not (root / ENTRY).is_file():
            found = sorted(path.name for path in root.iterdir())[:20] if root.is_dir() else "nothing"
            raise TrainingFailure(
                f"channel 'code' has no {ENTRY} at its root: found {found}; expected one zip of the project's train/ folder, or its files"
            )
        yield root.resolve()


def hash_code(root: Path) -> str:
    """SHA-256 over the code, independent of how it was packed.

    Each regular file below `root`, but `__pycache__` folders and `*.pyc`, in the order of its path's UTF-8 bytes, adds:
    the path relative to `root` with `/` between its parts, in UTF-8; a zero byte; the content's length in bytes, as
    decimal digits; a zero byte; the content.
    """
    digest = hashlib.sha256()
    files = {
        path.relative_to(root).as_posix().encode(): path
        for path in root.rglob("*")
        if path.is_file() and _is_code(path)
    }
    for name in sorted(files):
        content = files[name].read_bytes()
        digest.update(name + b"\0" + str(len(content)).encode() + b"\0" + content)
    return digest.hexdigest()


def build_estimator(root: Path, config: BuildConfig) -> Any:
    """Imports `pipeline.py` and answers what its `build(config)` does: something with scikit-learn's `fit` and `predict`.

    Whatever the project's code raises passes through. Raises `TrainingFailure` where `build` is missing or answers
    something else.
    """
    # Its neighbours import each other by plain names, as they do when a person runs them.
    sys.path.insert(0, str(root))
    # The code channel may be read-only, and must hash the same afterwards.
    sys.dont_write_bytecode = True
    spec = importlib.util.spec_from_file_location("pipeline", root / ENTRY)
    if spec is None or spec.loader is None:
        raise TrainingFailure(f"{ENTRY} cannot be imported: expected a Python source file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["pipeline"] = module
    spec.loader.exec_module(module)
    build = getattr(module, "build", None)
    if not callable(build):
        raise TrainingFailure(
            f"{ENTRY} defines no function 'build': expected build(config: BuildConfig) that returns a scikit-learn pipeline"
        )
    estimator = build(config)
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
        raise TrainingFailure(
            f"build(config) in {ENTRY} returned {type(estimator).__name__}: expected a scikit-learn estimator or Pipeline with fit and predict"
        )
    return estimator


def _unzip(archive: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as file:
            file.extractall(target)
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise TrainingFailure(
            f"{archive.name} in channel 'code' cannot be unpacked: {error}; pack the project's train/ folder again"
        ) from error


def _is_code(path: Path) -> bool:
    return path.suffix != ".pyc" and "__pycache__" not in path.parts
