"""Writes chunks of rows as CSV, Parquet or JSON lines, by the file's ending."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq


class FormatError(ValueError):
    """The file's ending names no format."""


def write(chunks: Iterable[pd.DataFrame], path: Path) -> int:
    """Writes one chunk after the other, never holding two, and answers the number of rows. There must be a chunk.

    Raises `FormatError` for an ending other than .csv, .parquet and .jsonl.
    """
    writer = WRITERS.get(path.suffix)
    if writer is None:
        raise FormatError(f"'{path.name}' ends in '{path.suffix}': expected one of {', '.join(WRITERS)}")
    return writer(iter(chunks), path)


def _csv(chunks: Iterable[pd.DataFrame], path: Path) -> int:
    rows = 0
    with path.open("wb") as file:
        for chunk in chunks:
            header = pa.csv.WriteOptions(include_header=rows == 0, quoting_style="needed")
            pa.csv.write_csv(_table(chunk), file, header)
            rows += len(chunk)
    return rows


def _parquet(chunks: Iterable[pd.DataFrame], path: Path) -> int:
    rows = 0
    writer: pq.ParquetWriter | None = None
    try:
        for chunk in chunks:
            table = _table(chunk)
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
            rows += len(chunk)
    finally:
        if writer is not None:
            writer.close()
    return rows


def _json_lines(chunks: Iterable[pd.DataFrame], path: Path) -> int:
    rows = 0
    with path.open("w", encoding="utf-8") as file:
        for chunk in chunks:
            chunk.to_json(file, orient="records", lines=True, double_precision=12)
            rows += len(chunk)
    return rows


def _table(chunk: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(chunk, preserve_index=False).replace_schema_metadata(None)


WRITERS: dict[str, Callable[[Iterable[pd.DataFrame], Path], int]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".jsonl": _json_lines,
}
