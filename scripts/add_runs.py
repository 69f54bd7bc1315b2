"""Add the runs of its corpus to a soloist made without: python scripts/add_runs.py MODEL CORPUS --split FILE"""

from argparse import ArgumentParser
from pathlib import Path

import checkout  # noqa: F401 - finds the package

from jazzgen.corpus import read_corpus
from jazzgen.corpus.split import load_split
from jazzgen.learning.soloist.training import add_runs

if __name__ == "__main__":
    parser = ArgumentParser(description="Add the runs of its corpus to a soloist that was trained without them.")
    parser.add_argument("model", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--split", type=Path, required=True)
    asked = parser.parse_args()
    runs = add_runs(asked.model, read_corpus([asked.corpus]), load_split(asked.split))
    print(f"{asked.model}: {len(runs.titles)} solos, {len(runs.steps):,} steps.")
