"""Run MiniStack with two things as on AWS, which it does otherwise.

Everything else is ``ministack`` unchanged. Each change checks that it meets what it expects, and ends the process when it
does not: a door that silently stayed shut would be worse.
"""

from __future__ import annotations

import inspect
import re
import sys
from typing import Any

from ministack import app  # type: ignore[import-untyped]
from ministack.services import eventbridge, lambda_svc  # type: ignore[import-untyped]

SOURCE = "aws.sagemaker"

#: What MiniStack calls every error that a warm function throws.
UNTOLD = "Runtime.HandlerError"


def admit_sagemaker() -> None:
    """Let the local SageMaker announce as the service that it stands for.

    EventBridge takes events with an ``aws.*`` source from the services alone, and so does MiniStack: its PutEvents
    refuses them, except from the emulated services inside it. The local SageMaker is such a service, but in a process of
    its own. This opens that door for the source ``aws.sagemaker`` and for no other.
    """
    put_events = getattr(eventbridge, "_put_events", None)
    if put_events is None or "allow_aws_source" not in inspect.signature(put_events).parameters:
        sys.exit("This version of MiniStack has no _put_events(data, allow_aws_source); adapt " + __file__)

    def put_events_of_services(data: dict[str, Any], allow_aws_source: bool = False) -> Any:
        entries = data.get("Entries", [])
        from_sagemaker = bool(entries) and all(entry.get("Source") == SOURCE for entry in entries)
        return put_events(data, allow_aws_source or from_sagemaker)

    eventbridge._put_events = put_events_of_services


def tell_error_types() -> None:
    """Give a function's error the type that it was thrown with, as Lambda does.

    A state machine retries by that type: without it, an error that no retry can mend is tried again all the same.
    """
    execute = getattr(lambda_svc, "_execute_function_warm", None)
    if execute is None or list(inspect.signature(execute).parameters) != ["func", "event", "request_id"]:
        sys.exit("This version of MiniStack has no _execute_function_warm(func, event, request_id); adapt " + __file__)

    def execute_telling_types(func: dict[str, Any], event: Any, request_id: str) -> Any:
        result = execute(func, event, request_id)
        body = result.get("body") if isinstance(result, dict) and result.get("error") else None
        if isinstance(body, dict) and body.get("errorType") == UNTOLD:
            body["errorType"] = error_type(str(body.get("errorMessage", "")), str(result.get("log", "")))
        return result

    lambda_svc._execute_function_warm = execute_telling_types


def error_type(message: str, log: str) -> str:
    """Return the type that a stack trace in the log begins with, before the error's own message."""
    first_line = message.split("\n", 1)[0]
    traced = re.findall(rf"^(\w+): {re.escape(first_line)}$", log, flags=re.MULTILINE)
    return traced[-1] if traced else UNTOLD


if __name__ == "__main__":
    admit_sagemaker()
    tell_error_types()
    app.main()
