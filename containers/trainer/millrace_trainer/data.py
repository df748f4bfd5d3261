"""Reads a channel of Parquet files into a data frame of features and an array of targets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from millrace_trainer.build_config import Feature, Target
from millrace_trainer.config import TrainingConfig
from millrace_trainer.failure import TrainingFailure

Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Part:
    """Rows of one channel.

    `frame` has a column for each feature, in order: numbers are float64 that FP32 can hold exactly, NaN for missing;
    categories are str, '' for missing. `target` has shape (rows,): str classes, or float64.
    """

    frame: pd.DataFrame
    target: Column

    @property
    def rows(self) -> int:
        return len(self.frame)


def read_part(folder: Path, channel: str, config: TrainingConfig) -> Part:
    """Reads `folder/**/*.parquet` in the order of their paths, so that the same files give the same rows in the same order.

    Numbers are rounded to FP32 before anything is fitted: the graph sees FP32, and a decision tree whose thresholds were
    found on float64 sends rows near a threshold the other way. An absent folder is an empty part.
    Raises `TrainingFailure` for a file that cannot be read, and for columns that are not as the schema says.
    """
    files = sorted(folder.rglob("*.parquet"), key=lambda path: path.relative_to(folder).as_posix())
    names = [f"{channel}/{path.relative_to(folder).as_posix()}" for path in files]
    tables = [(name, _read(path, name, config)) for name, path in zip(names, files, strict=True)]
    columns = {
        feature.name: _joined([_feature(table, feature, name) for name, table in tables], feature.type)
        for feature in config.features
    }
    # The dtype keeps pandas from turning str columns into its own string type.
    series = {name: pd.Series(values, dtype=values.dtype) for name, values in columns.items()}
    frame = pd.DataFrame(series, columns=[feature.name for feature in config.features])
    target = _joined([_target(table, config.target, name) for name, table in tables], config.target.type)
    return Part(frame, target)


def check_train_part(part: Part, config: TrainingConfig, folder: Path) -> None:
    """Raises `TrainingFailure` for training rows from which nothing can be learned."""
    if not folder.is_dir():
        raise TrainingFailure(
            f"channel 'train' is missing: expected Parquet files in {folder}; give the training job that channel"
        )
    if part.rows == 0:
        raise TrainingFailure(
            "channel 'train' has no rows: expected Parquet files with at least one row; upload data first"
        )
    for feature in config.features:
        column = part.frame[feature.name]
        if feature.type == "number" and bool(column.isna().all()):
            raise TrainingFailure(
                f"column '{feature.name}' has no value in any of {part.rows} training rows: "
                "upload rows that have it, or remove the feature from project.ts"
            )
    if config.task == "classification":
        present = sorted(set(part.target))
        if len(present) < 2:
            raise TrainingFailure(
                f"all {part.rows} training rows have {config.target.column} '{present[0]}': "
                f"expected at least two of {list(config.target.values)}; upload rows of the other classes"
            )


def _read(path: Path, name: str, config: TrainingConfig) -> pa.Table:
    wanted = [feature.name for feature in config.features] + [config.target.column]
    try:
        with pq.ParquetFile(path) as file:
            present = file.schema_arrow.names
            missing = [column for column in wanted if column not in present]
            if missing:
                raise TrainingFailure(
                    f"{name} has no column '{missing[0]}' ({len(missing)} of {len(wanted)} are missing): it has {present[:40]}; "
                    "write the data by the project's schema, or change the schema"
                )
            return file.read(columns=wanted)
    except (pa.ArrowException, OSError) as error:
        raise TrainingFailure(f"{name} is no readable Parquet file: {error}; write it again") from error


def _feature(table: pa.Table, feature: Feature, file: str) -> Column:
    column = table.column(feature.name)
    if column.null_count and not feature.nullable:
        raise TrainingFailure(
            f"column '{feature.name}' of {file} has {column.null_count} missing values: "
            "the schema says that it has none; set nullable in project.ts or fill them"
        )
    if feature.type == "category":
        return _texts(column, feature.name, file)
    values = _numbers(column, feature.name, file)
    with np.errstate(over="ignore"):
        rounded = values.astype(np.float32).astype(np.float64)
    if np.isinf(rounded).any():
        worst = values[np.isinf(rounded)][0]
        raise TrainingFailure(
            f"column '{feature.name}' of {file} holds {worst}: expected finite numbers within FP32; scale it or drop the row"
        )
    return rounded


def _target(table: pa.Table, target: Target, file: str) -> Column:
    column = table.column(target.column)
    if column.null_count:
        raise TrainingFailure(
            f"target '{target.column}' of {file} is missing in {column.null_count} rows: expected a value in each; drop those rows"
        )
    if target.type == "number":
        numbers = _numbers(column, target.column, file)
        if not np.isfinite(numbers).all():
            raise TrainingFailure(
                f"target '{target.column}' of {file} holds a value that is not finite: drop those rows"
            )
        return numbers
    texts = _texts(column, target.column, file)
    unknown = sorted(set(texts) - set(target.values))
    if unknown:
        raise TrainingFailure(
            f"target '{target.column}' of {file} holds '{unknown[0]}': expected one of {list(target.values)}; "
            "correct the rows or add the class to project.ts"
        )
    return texts


def _numbers(column: pa.ChunkedArray, name: str, file: str) -> npt.NDArray[np.float64]:
    kind = column.type
    if not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    ):
        raise TrainingFailure(
            f"column '{name}' of {file} holds {kind}: expected numbers; write it as DOUBLE or change its type in project.ts"
        )
    numbers: npt.NDArray[np.float64] = column.cast(pa.float64(), safe=False).to_numpy().astype(np.float64)
    return numbers


def _texts(column: pa.ChunkedArray, name: str, file: str) -> Column:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
    ):
        raise TrainingFailure(
            f"column '{name}' of {file} holds {kind}: expected text; write it as VARCHAR or change its type in project.ts"
        )
    texts = column.cast(pa.string()).fill_null("")
    return np.asarray(texts.to_pylist(), dtype=object)


def _joined(columns: list[Column], kind: str) -> Column:
    empty = np.empty(0, dtype=np.float64 if kind == "number" else object)
    return np.concatenate([empty, *columns])
