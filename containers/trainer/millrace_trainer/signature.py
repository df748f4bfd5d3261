"""The names, types and shapes that a served model's tensors have."""

from collections.abc import Sequence
from dataclasses import dataclass

from millrace_trainer.build_config import Feature, Target

OUTPUTS = ("label", "probabilities", "prediction")


@dataclass(frozen=True)
class Tensor:
    """A tensor as the manifest describes it: Open Inference Protocol's datatype, -1 for the batch."""

    name: str
    datatype: str
    shape: list[int]


def input_name(feature: Feature, features: Sequence[Feature]) -> str:
    """The feature's name, or another where an output has that name already: a graph has one tensor of a name."""
    taken = {other.name for other in features} | set(OUTPUTS)
    name = feature.name
    if name in OUTPUTS:
        name = f"feature_{name}"
        while name in taken:
            name += "_"
    return name


def output_tensors(target: Target) -> list[Tensor]:
    if target.type == "category":
        return [Tensor("label", "BYTES", [-1]), Tensor("probabilities", "FP32", [-1, len(target.values)])]
    return [Tensor("prediction", "FP32", [-1, 1])]
