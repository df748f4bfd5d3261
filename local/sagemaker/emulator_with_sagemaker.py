"""Run MiniStack with one more emitter of its own: SageMaker.

EventBridge takes events with an ``aws.*`` source from the services alone, and so does MiniStack: its PutEvents refuses
them, except from the emulated services inside it. The local SageMaker is such a service, but in a process of its own.
This entry opens that door for the source ``aws.sagemaker`` and for no other; everything else is ``ministack`` unchanged.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any

from ministack import app  # type: ignore[import-untyped]
from ministack.services import eventbridge  # type: ignore[import-untyped]

SOURCE = "aws.sagemaker"


def admit_sagemaker() -> None:
    """Raise SystemExit when this MiniStack has no such door: silently sending nothing would be worse."""
    put_events = getattr(eventbridge, "_put_events", None)
    if put_events is None or "allow_aws_source" not in inspect.signature(put_events).parameters:
        sys.exit("This version of MiniStack has no _put_events(data, allow_aws_source); adapt " + __file__)

    def put_events_of_services(data: dict[str, Any], allow_aws_source: bool = False) -> Any:
        entries = data.get("Entries", [])
        from_sagemaker = bool(entries) and all(entry.get("Source") == SOURCE for entry in entries)
        return put_events(data, allow_aws_source or from_sagemaker)

    eventbridge._put_events = put_events_of_services


if __name__ == "__main__":
    admit_sagemaker()
    app.main()
