"""Writes small ONNX graphs whose answers can be worked out by hand: make_model.py FOLDER.

classification-1.onnx, classification-2.onnx: inputs size FP32, colour BYTES; score = size (0 where it is NaN)
    + 2 where colour is 'red' - version + 1; probability of 'large' is the sigmoid of the score.
regression.onnx: input x FP32 [-1, 2]; prediction = log(x0) + x1, so no finite number where x0 <= 0.
mixed.onnx: inputs a FP64, n INT64, m INT32, b BOOL, c BYTES [-1, 2]; prediction = a + n + m + b, c unused but for its shape.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BATCH = "batch"


def tensor(name: str, kind: int, *shape: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, [BATCH, *shape])


def constant(name: str, values: object, kind: type) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(values, dtype=kind), name)


def save(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    constants: list[onnx.TensorProto],
) -> None:
    graph = helper.make_graph(nodes, "test", inputs, outputs, constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def classification(path: Path, version: int) -> None:
    node = helper.make_node
    nodes = [
        node("IsNaN", ["size"], ["absent"]),
        node("Where", ["absent", "zero", "size"], ["known"]),
        node(
            "LabelEncoder",
            ["colour"],
            ["redness"],
            domain="ai.onnx.ml",
            keys_strings=["red"],
            values_floats=[2.0],
            default_float=0.0,
        ),
        node("Add", ["known", "redness"], ["sum"]),
        node("Sub", ["sum", "offset"], ["score"]),
        node("Sigmoid", ["score"], ["large"]),
        node("Sub", ["one", "large"], ["small"]),
        node("Concat", ["small", "large"], ["probabilities"], axis=1),
        node("ArgMax", ["probabilities"], ["index"], axis=1, keepdims=0),
        node(
            "LabelEncoder",
            ["index"],
            ["label"],
            domain="ai.onnx.ml",
            keys_int64s=[0, 1],
            values_strings=["small", "large"],
        ),
    ]
    save(
        path,
        nodes,
        [tensor("size", TensorProto.FLOAT, 1), tensor("colour", TensorProto.STRING, 1)],
        [tensor("label", TensorProto.STRING), tensor("probabilities", TensorProto.FLOAT, 2)],
        [
            constant("zero", [0], np.float32),
            constant("one", [1], np.float32),
            constant("offset", [version - 1], np.float32),
        ],
    )


def regression(path: Path) -> None:
    node = helper.make_node
    nodes = [
        node("Split", ["x", "halves"], ["x0", "x1"], axis=1),
        node("Log", ["x0"], ["log"]),
        node("Add", ["log", "x1"], ["prediction"]),
    ]
    save(
        path,
        nodes,
        [tensor("x", TensorProto.FLOAT, 2)],
        [tensor("prediction", TensorProto.FLOAT, 1)],
        [constant("halves", [1, 1], np.int64)],
    )


def mixed(path: Path) -> None:
    node = helper.make_node
    inputs = {"a": TensorProto.DOUBLE, "n": TensorProto.INT64, "m": TensorProto.INT32, "b": TensorProto.BOOL}
    nodes = [node("Cast", [name], [f"{name}_float"], to=TensorProto.FLOAT) for name in inputs]
    nodes += [
        node("Sum", [f"{name}_float" for name in inputs], ["sum"]),
        node("Identity", ["c"], ["seen"]),
        node("Identity", ["sum"], ["prediction"]),
    ]
    save(
        path,
        nodes,
        [*(tensor(name, kind, 1) for name, kind in inputs.items()), tensor("c", TensorProto.STRING, 2)],
        [tensor("prediction", TensorProto.FLOAT, 1), tensor("seen", TensorProto.STRING, 2)],
        [],
    )


def main() -> None:
    folder = Path(sys.argv[1])
    for version in (1, 2):
        classification(folder / f"classification-{version}.onnx", version)
    regression(folder / "regression.onnx")
    mixed(folder / "mixed.onnx")


if __name__ == "__main__":
    main()
