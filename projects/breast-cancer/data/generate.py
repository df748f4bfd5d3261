"""Makes data files for the breast-cancer project.

python projects/breast-cancer/data/generate.py real --out real.csv
python projects/breast-cancer/data/generate.py rows --count 1000000 --seed 7 --out rows.parquet --world shifted
"""

import argparse
import sys
from pathlib import Path

from breast_cancer.formats import FormatError, write
from breast_cancer.real import real_rows
from breast_cancer.world import generated_rows


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.what == "real":
        chunks = iter([real_rows(options.seed, options.labels)])
    else:
        chunks = generated_rows(options.count, options.seed, options.world, options.labels)
    try:
        rows = write(chunks, options.out)
    except FormatError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"rows={rows} file={options.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="generate.py", description="Makes data files for the breast-cancer project.")
    commands = parser.add_subparsers(dest="what", required=True)
    real = commands.add_parser("real", help="the 569 real rows, shuffled")
    rows = commands.add_parser("rows", help="generated rows, from distributions fitted to the real ones")
    rows.add_argument("--count", type=_count, required=True, help="number of rows")
    rows.add_argument("--world", choices=("usual", "shifted"), default="usual", help="shifted: a new imaging device")
    for command in (real, rows):
        command.add_argument("--seed", type=int, default=7, help="same seed, same file (default 7)")
        command.add_argument("--out", type=Path, required=True, help="file to write: .csv, .parquet or .jsonl")
        command.add_argument("--labels", action=argparse.BooleanOptionalAction, default=True, help="with the diagnosis")
    return parser


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} rows: expected 1 or more")
    return count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
