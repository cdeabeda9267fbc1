"""The model that a learned delta makes: a directory for `dictation --engine DIR`.

    python -m benchmarks.adaptation.finish --learned FILE --alpha A --model DIR --out DIR

`--alpha` 1 keeps all that was learned, 0 nothing.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from benchmarks.adaptation import delta


def main() -> None:
    parser = argparse.ArgumentParser(description="Merges a learned delta into a copy of the model.")
    parser.add_argument("--learned", type=Path, required=True)
    parser.add_argument("--alpha", type=float, default=1.0)
    parser.add_argument("--model", type=Path, required=True, help="directory of the joined embedded model")
    parser.add_argument("--out", type=Path, required=True, help="directory for the adapted model")
    arguments = parser.parse_args()
    shutil.copytree(arguments.model, arguments.out, ignore=shutil.ignore_patterns("checked"))
    delta.merge(arguments.out / "model.bin", arguments.learned, arguments.alpha)


if __name__ == "__main__":
    main()
