"""Check recorded SageMaker answers against the service's own API model, as botocore carries it.

Reads from stdin one JSON array of ``{"action", "status", "body"}`` where ``body`` is the raw response text, and writes
one JSON array of violations, each a sentence. Exits 0 whether or not there are violations; anything else is an error of
the check itself.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import botocore.session  # type: ignore[import-untyped]
from botocore.model import OperationModel, Shape, StructureShape  # type: ignore[import-untyped]

COMMON_ERRORS = {"ValidationException", "UnknownOperationException", "SerializationException"}


def main() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    violations: list[str] = []
    for exchange in json.load(sys.stdin):
        action, status = exchange["action"], exchange["status"]
        if action not in model.operation_names:
            if status == 200:
                violations.append(f"{action}: answered, but the API model has no such operation")
            continue
        operation = model.operation_model(action)
        body = json.loads(exchange["body"])
        found = check_success(operation, body) if status == 200 else check_error(operation, body)
        violations.extend(f"{action}: {violation}" for violation in found)
    json.dump(violations, sys.stdout)


def check_success(operation: OperationModel, body: Any) -> list[str]:
    if operation.output_shape is None:
        return [] if body == {} else [f"the model has no output, but the answer is {body!r}"]
    return check(operation.output_shape, body, "$")


def check_error(operation: OperationModel, body: Any) -> list[str]:
    modelled = {shape.name for shape in operation.error_shapes}
    code = body.get("__type")
    if code not in modelled | COMMON_ERRORS:
        return [f"the error {code!r} is not one of {sorted(modelled | COMMON_ERRORS)}"]
    if not isinstance(body.get("Message"), str) or body["Message"] == "":
        return [f"the error {code} has no Message"]
    return []


def check(shape: Shape, value: Any, path: str) -> list[str]:
    if isinstance(shape, StructureShape):
        return check_structure(shape, value, path)
    kind = shape.type_name
    if kind == "list":
        return check_list(shape, value, path)
    if kind == "map":
        return check_map(shape, value, path)
    if kind == "string":
        return check_string(shape, value, path)
    if kind in ("integer", "long"):
        return check_number(shape, value, path, isinstance(value, int) and not isinstance(value, bool))
    if kind in ("float", "double", "timestamp"):
        return check_number(shape, value, path, isinstance(value, (int, float)) and not isinstance(value, bool))
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{path} should be a boolean, is {value!r}"]
    return [f"{path} has the type {kind}, which this check does not know"]


def check_structure(shape: StructureShape, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} should be a structure, is {value!r}"]
    violations = [f"{path}.{name} is not in the model" for name in value if name not in shape.members]
    violations += [f"{path}.{name} is required" for name in shape.required_members if name not in value]
    for name, member in shape.members.items():
        if name in value:
            violations += check(member, value[name], f"{path}.{name}")
    return violations


def check_list(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{path} should be a list, is {value!r}"]
    violations = check_size(shape, len(value), path)
    for index, item in enumerate(value):
        violations += check(shape.member, item, f"{path}[{index}]")
    return violations


def check_map(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} should be a map, is {value!r}"]
    violations = check_size(shape, len(value), path)
    for key, item in value.items():
        violations += check(shape.key, key, f"{path} key {key!r}")
        violations += check(shape.value, item, f"{path}[{key!r}]")
    return violations


def check_string(shape: Any, value: Any, path: str) -> list[str]:
    if not isinstance(value, str):
        return [f"{path} should be a string, is {value!r}"]
    violations = check_size(shape, len(value), path)
    if shape.enum and value not in shape.enum:
        violations.append(f"{path} is {value!r}, not one of {shape.enum}")
    pattern = python_pattern(shape.metadata.get("pattern"))
    if pattern is not None and re.fullmatch(pattern, value, re.DOTALL) is None:
        violations.append(f"{path} is {value!r}, which does not match {pattern}")
    return violations


def check_number(shape: Shape, value: Any, path: str, is_right_type: bool) -> list[str]:
    if not is_right_type:
        return [f"{path} should be a {shape.type_name}, is {value!r}"]
    return check_size(shape, value, path)


def check_size(shape: Shape, size: float, path: str) -> list[str]:
    smallest, largest = shape.metadata.get("min"), shape.metadata.get("max")
    violations = []
    if smallest is not None and size < smallest:
        violations.append(f"{path} has size or value {size}, below {smallest}")
    if largest is not None and size > largest:
        violations.append(f"{path} has size or value {size}, above {largest}")
    return violations


def python_pattern(pattern: str | None) -> str | None:
    """The model's patterns are Java's; the few Unicode classes among them are widened to any character of their kind.

    ``${1,128}`` at the end of two patterns is the model's own slip: a quantifier on the end of the text.
    """
    if pattern is None:
        return None
    pattern = re.sub(r"\)\$\{\d+,\d+\}$", ")", pattern)
    pattern = pattern.replace(r"\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}", r"\s\S").replace(r"\p{L}\p{M}\p{Z}\p{N}\p{P}", r"\s\S")
    return pattern.replace(r"\p{L}\p{Z}\p{N}", r"\w\s")


if __name__ == "__main__":
    main()
