"""Teach a soloist an ear: python scripts/teach_ear.py MODEL CORPUS --split FILE"""

from argparse import ArgumentParser
from pathlib import Path

import checkout  # noqa: F401 - finds the package

from jazzgen.corpus import read_corpus
from jazzgen.corpus.split import load_split
from jazzgen.listener.teach import Lesson, teach_ear

if __name__ == "__main__":
    parser = ArgumentParser(description="Teach a soloist an ear, on the tunes that a split does not hold out.")
    parser.add_argument("model", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--split", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=1, help="solos to play, in multiples of people's (default: 1)")
    parser.add_argument("--again", action="store_true", help="extend the ear it has, instead of teaching it anew")
    asked = parser.parse_args()
    lesson = Lesson(12, asked.rounds, asked.again)  # max quote of 12 notes, set by hand
    people, ours = teach_ear(asked.model, read_corpus([asked.corpus]), load_split(asked.split), lesson)
    print(f"{asked.model}: taught by {people} solos of people and {ours} of its own.")
