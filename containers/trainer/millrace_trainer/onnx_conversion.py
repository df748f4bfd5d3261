"""From a fitted scikit-learn model to skl2onnx's own graph."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import onnx
from skl2onnx import convert_sklearn
from skl2onnx.common import _container as container
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer

from millrace_trainer.build_config import Feature

# The newest that every runtime we serve with knows well; a graph that needs less says so itself.
TARGET_OPSET = {"": 18, "ai.onnx.ml": 3}


def convert(model: Any, features: Sequence[Feature]) -> onnx.ModelProto:
    """Converts by skl2onnx, or raises whatever it raises for a model that it cannot express.

    The graph has one input of shape [-1, features] where `joins_features`, else one of shape [-1, 1] for each feature,
    named after it (with digits appended where skl2onnx needs the name itself).
    """
    if joins_features(model, features):
        types = [("rows", FloatTensorType([None, len(features)]))]
    else:
        types = [(feature.name, _tensor(feature)) for feature in features]
    options = {id(model): {"zipmap": False}} if hasattr(model, "predict_proba") else None
    with _integer_attributes():
        converted: onnx.ModelProto = convert_sklearn(
            model, name="millrace", initial_types=types, target_opset=TARGET_OPSET, options=options
        )
    return converted


def joins_features(model: Any, features: Sequence[Feature]) -> bool:
    """Whether the converted graph takes all features as one tensor, as most converters want it.

    Not where a ColumnTransformer anywhere inside picks them by name, and not where there is text among them.
    """
    parts = [model, *model.get_params(deep=True).values()] if hasattr(model, "get_params") else [model]
    picks_columns = any(isinstance(part, ColumnTransformer) for part in parts)
    return not picks_columns and all(feature.type == "number" for feature in features)


def _tensor(feature: Feature) -> Any:
    return FloatTensorType([None, 1]) if feature.type == "number" else StringTensorType([None, 1])


@contextmanager
def _integer_attributes() -> Iterator[None]:
    """Lets skl2onnx 1.20 convert histogram gradient boosting under protobuf 7.

    Its converter hands booleans to integer attributes (`nodes_missing_value_tracks_true`), which older protobuf took
    and newer refuses with "Expected an int, got a boolean".
    """
    make_node = container.make_node

    def make_node_of_integers(*args: Any, **attributes: Any) -> Any:
        return make_node(*args, **{name: _without_booleans(value) for name, value in attributes.items()})

    container.make_node = make_node_of_integers
    try:
        yield
    finally:
        container.make_node = make_node


def _without_booleans(value: Any) -> Any:
    # By the type's name, because NumPy's boolean is no subclass of Python's.
    if isinstance(value, list) and any(type(item).__name__ in ("bool", "bool_") for item in value):
        return [int(item) for item in value]
    return value
