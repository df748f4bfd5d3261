"""A prompt end on SIGTERM, which SageMaker sends 120 s ahead of taking a Spot machine away, and when a job is stopped."""

import os
import signal
import threading
from pathlib import Path

from millrace_trainer.failure import write_failure

EXIT_CODE = 128 + signal.SIGTERM


def exit_on_sigterm(failure_path: Path) -> None:
    """From here on SIGTERM ends the process with code 143 and a note in `output/failure`.

    A Python signal handler would wait until the main thread leaves native code, which may be minutes into a fit. The
    wake-up descriptor is written by the C handler at once, and a thread waits on it.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    # Nothing to do in the handler itself: it must exist for the descriptor to be written.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: None)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def wait() -> None:
        while signal.SIGTERM not in os.read(reader, 1):
            pass
        write_failure(
            failure_path,
            "the training was stopped by SIGTERM before it finished: a Spot interruption, a stopped job or the runtime limit; "
            "start it again",
        )
        os._exit(EXIT_CODE)

    threading.Thread(target=wait, name="sigterm", daemon=True).start()
