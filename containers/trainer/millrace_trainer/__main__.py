"""`python -m millrace_trainer train`, which is what SageMaker runs in a training container."""

import os
import sys

from millrace_trainer.failure import describe, write_failure
from millrace_trainer.layout import Layout
from millrace_trainer.progress import report
from millrace_trainer.termination import exit_on_sigterm


def main(arguments: list[str]) -> int:
    """Answers the exit code: 0 with a model written, 1 with the cause in `output/failure`, 2 for wrong arguments."""
    if arguments != ["train"]:
        print(f"received {arguments}, expected: python -m millrace_trainer train", file=sys.stderr)
        return 2
    _fix_string_hashes()
    layout = Layout.from_environment()
    exit_on_sigterm(layout.failure)
    report("start", root=layout.root)
    try:
        # The libraries take a second to import: after the handler, so that a stop meanwhile is noted too.
        from millrace_trainer.train import run

        run(layout)
    # Whatever it is, the cause belongs into the failure file.
    except Exception as error:  # noqa: BLE001
        return _fail(layout, error)
    return 0


def _fail(layout: Layout, error: Exception) -> int:
    first_line = describe(error)
    write_failure(layout.failure, first_line, error)
    print(f"failure={first_line}", file=sys.stderr, flush=True)
    return 1


def _fix_string_hashes() -> None:
    """Starts over with fixed string hashes: the order of a set of names must not differ from one training to the next."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, sys.orig_argv, {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
