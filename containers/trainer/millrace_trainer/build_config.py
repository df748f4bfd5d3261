"""What a project's `build` function is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Hyperparameter = str | int | float | bool
Hyperparameters = Mapping[str, Hyperparameter]


class HyperparameterError(ValueError):
    """A hyperparameter of `project.ts` is of the wrong kind."""


@dataclass(frozen=True)
class Feature:
    """A column the model is given: `number` is float64 with NaN for missing, `category` is str with '' for missing."""

    name: str
    type: Literal["number", "category"]
    nullable: bool = False


@dataclass(frozen=True)
class Target:
    """The column to predict. `values` are the classes in order, the last of two being the positive one; empty for a number."""

    column: str
    type: Literal["category", "number"]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuildConfig:
    """The one argument of `build(config)` in a project's `train/pipeline.py`.

    `features` come in the order of the data frame's columns. `checkpoints` is a folder that survives a Spot
    interruption; it exists, and may be left unused. The readers below answer a hyperparameter in the type asked for,
    `default` where `project.ts` does not set it, and raise `HyperparameterError` where it is of another type.
    """

    features: tuple[Feature, ...]
    target: Target
    hyperparameters: Hyperparameters
    seed: int
    checkpoints: Path

    @property
    def numbers(self) -> list[str]:
        """Names of the numeric features, in order."""
        return [feature.name for feature in self.features if feature.type == "number"]

    @property
    def categories(self) -> list[str]:
        """Names of the category features, in order."""
        return [feature.name for feature in self.features if feature.type == "category"]

    def number(self, name: str, default: float) -> float:
        value = self.hyperparameters.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(name, value, "a number")
        return float(value)

    def integer(self, name: str, default: int) -> int:
        value = self.hyperparameters.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise self._wrong(name, value, "a whole number")
        return int(value)

    def text(self, name: str, default: str) -> str:
        value = self.hyperparameters.get(name, default)
        if not isinstance(value, str):
            raise self._wrong(name, value, "a text")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.hyperparameters.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, value, "true or false")
        return value

    @staticmethod
    def _wrong(name: str, value: Hyperparameter, expected: str) -> HyperparameterError:
        return HyperparameterError(
            f"hyperparameter '{name}' is {value!r}, expected {expected}: change training.hyperparameters in project.ts"
        )
