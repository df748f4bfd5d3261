"""Why a training failed, in a form a person can act on."""

import traceback
from pathlib import Path

# SageMaker shows the first 1024 characters of the file as the job's FailureReason.
FIRST_LINE_LIMIT = 1000

PACKAGE_ROOT = Path(__file__).resolve().parent


class TrainingFailure(Exception):
    """A training that cannot succeed. The message says what came, what was expected and how to mend it, in one line."""


def describe(error: BaseException, code_root: Path | None = None) -> str:
    """One line: the failure's own sentence, or `ValueError in pipeline.py:12: message`.

    The place is the innermost one inside the project's code at `code_root`, else the innermost one inside the trainer.
    """
    if isinstance(error, TrainingFailure):
        return _one_line(str(error))
    place = (code_root and _place(error, code_root)) or _place(error, PACKAGE_ROOT.parent)
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    return _one_line(f"{type(error).__name__} in {place or 'the trainer'}: {message or 'no message'}")


def write_failure(path: Path, first_line: str, error: BaseException | None = None) -> None:
    """Writes the failure file: the cause first, the traceback of anything but a plain sentence after it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    trace = ""
    if error is not None and (error.__cause__ is not None or not isinstance(error, TrainingFailure)):
        trace = "\n" + "".join(traceback.format_exception(error))
    path.write_text(first_line + "\n" + trace, encoding="utf-8")


def _place(error: BaseException, root: Path) -> str | None:
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(root):
        return f"{Path(error.filename).relative_to(root).as_posix()}:{error.lineno}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(root):
            return f"{Path(frame.filename).relative_to(root).as_posix()}:{frame.lineno}"
    return None


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= FIRST_LINE_LIMIT else line[: FIRST_LINE_LIMIT - 1] + "…"
