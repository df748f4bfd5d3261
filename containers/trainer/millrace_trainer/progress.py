"""Progress on standard output, one `key=value …` line each: read by people, and by SageMaker's metric definitions."""

import time

_started = time.monotonic()


def report(step: str, **facts: object) -> None:
    """`step=fit seconds=1.20 rows=398`: seconds are since the trainer began."""
    pairs = "".join(f" {key}={value}" for key, value in facts.items())
    print(f"step={step} seconds={time.monotonic() - _started:.2f}{pairs}", flush=True)


def report_metrics(part: str, metrics: dict[str, float]) -> None:
    """`validation:logLoss=0.123`, a line for each metric."""
    for name, value in metrics.items():
        print(f"{part}:{name}={value:.6g}", flush=True)
