"""Gives a converted graph the signature that Millrace serves: an input for each feature, outputs by their agreed names."""

import re
from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, compose, helper, numpy_helper

from millrace_trainer.build_config import Feature, Target
from millrace_trainer.onnx_conversion import TARGET_OPSET
from millrace_trainer.signature import input_name

# Column names have no slash, so no tensor inside the graph can bear an input's or an output's name.
INNER = "model/"

BATCH = "batch"


def with_signature(
    converted: onnx.ModelProto, joined: bool, features: Sequence[Feature], target: Target, seen: Sequence[str]
) -> onnx.ModelProto:
    """Wraps the converted graph.

    `joined` says that the converted graph takes all features as one tensor.
    `seen` are the classes in the order of the converted graph's probabilities, which are put into the order of
    `target.values`, with 0 for a class that no training row had. Metadata that varies between runs is left out.
    """
    model = compose.add_prefix(converted, INNER, rename_functions=False)
    graph = model.graph
    inner_inputs = [value.name for value in graph.input]
    inner_outputs = [value.name for value in graph.output]
    before = _input_nodes(inner_inputs, joined, features)
    nodes, initializers, outputs = _output_nodes(inner_outputs, target, seen)
    wrapped = helper.make_graph(
        [*before, *graph.node, *nodes],
        "millrace",
        [_input(feature, features) for feature in features],
        outputs,
        [*graph.initializer, *initializers],
        sparse_initializer=list(graph.sparse_initializer),
    )
    opsets = _opsets(model)
    result = helper.make_model(
        wrapped,
        opset_imports=opsets,
        ir_version=max(model.ir_version, 8),
        producer_name="millrace",
        functions=list(model.functions),
    )
    onnx.checker.check_model(result)
    return result


def opset(model: onnx.ModelProto) -> int:
    """Version of the default operator set."""
    return max(int(entry.version) for entry in model.opset_import if entry.domain in ("", "ai.onnx"))


def _input(feature: Feature, features: Sequence[Feature]) -> onnx.ValueInfoProto:
    kind = TensorProto.FLOAT if feature.type == "number" else TensorProto.STRING
    return helper.make_tensor_value_info(input_name(feature, features), kind, [BATCH, 1])


def _input_nodes(inner: Sequence[str], joined: bool, features: Sequence[Feature]) -> list[onnx.NodeProto]:
    names = [input_name(feature, features) for feature in features]
    if joined:
        return [helper.make_node("Concat", names, [inner[0]], name=f"{INNER}join", axis=1)]
    return [
        helper.make_node("Identity", [name], [tensor], name=f"{tensor}/take")
        for feature, name in zip(features, names, strict=True)
        for tensor in inner
        if _stands_for(tensor, feature, features)
    ]


def _stands_for(tensor: str, feature: Feature, features: Sequence[Feature]) -> bool:
    """Whether skl2onnx named this input after the feature: exactly, or with digits appended where the name was taken."""
    name = tensor.removeprefix(INNER)
    if any(other.name == name for other in features):
        return name == feature.name
    return re.fullmatch(re.escape(feature.name) + r"\d+", name) is not None


def _output_nodes(
    inner: Sequence[str], target: Target, seen: Sequence[str]
) -> tuple[list[onnx.NodeProto], list[TensorProto], list[onnx.ValueInfoProto]]:
    if target.type == "number":
        column = numpy_helper.from_array(np.array([-1, 1], dtype=np.int64), f"{INNER}column")
        node = helper.make_node("Reshape", [inner[0], column.name], ["prediction"], name=f"{INNER}prediction")
        return [node], [column], [helper.make_tensor_value_info("prediction", TensorProto.FLOAT, [BATCH, 1])]
    # A product with ones and zeros moves columns exactly, and makes the missing ones.
    order = np.zeros((len(seen), len(target.values)), dtype=np.float32)
    for i, label in enumerate(seen):
        order[i, target.values.index(label)] = 1
    matrix = numpy_helper.from_array(order, f"{INNER}order")
    nodes = [helper.make_node("Identity", [inner[0]], ["label"], name=f"{INNER}label")]
    initializers = []
    if list(seen) == list(target.values):
        nodes.append(helper.make_node("Identity", [inner[1]], ["probabilities"], name=f"{INNER}probabilities"))
    else:
        initializers.append(matrix)
        nodes.append(
            helper.make_node("MatMul", [inner[1], matrix.name], ["probabilities"], name=f"{INNER}probabilities")
        )
    return (
        nodes,
        initializers,
        [
            helper.make_tensor_value_info("label", TensorProto.STRING, [BATCH]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [BATCH, len(target.values)]),
        ],
    )


def _opsets(model: onnx.ModelProto) -> list[onnx.OperatorSetIdProto]:
    # skl2onnx may name a domain twice, or leave the default one out where it used none of it.
    versions = {"": 0}
    for entry in model.opset_import:
        versions[entry.domain] = max(versions.get(entry.domain, 0), entry.version)
    versions[""] = versions[""] or TARGET_OPSET[""]
    return [helper.make_opsetid(domain, version) for domain, version in sorted(versions.items())]
