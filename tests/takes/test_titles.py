"""Titles for solos, from the model that ships."""

import subprocess
import sys

import numpy as np

from jazzgen.learning.names.model import load_names_model
from jazzgen.system.places import DATA, shipped_names
from jazzgen.takes.titles import name_tune


def titles(count: int = 60) -> list[str]:
    return [name_tune(np.random.default_rng([seed, 1])) for seed in range(count)]


def test_one_seed_is_one_title_and_seeds_differ() -> None:
    assert titles() == titles()
    assert len(set(titles())) > 40


def test_titles_are_new_and_of_real_words() -> None:
    known = (DATA / "titles.txt").read_text().splitlines()
    words = {word for title in known for word in title.split()}
    for title in titles():
        assert title not in known
        assert words.issuperset(title.split())
        assert len(title) <= 50


def test_a_title_leaves_the_notes_of_its_seed_alone() -> None:
    """A stream of its own, which shares nothing with the seed's."""
    notes, other = np.random.default_rng(7), np.random.default_rng(7)
    name_tune(np.random.default_rng([7, 1]))
    assert notes.random(5).tolist() == other.random(5).tolist()
    assert not set(np.random.default_rng([7, 1]).random(5)) & set(np.random.default_rng(7).random(5))


def test_the_model_is_of_the_list_that_ships() -> None:
    assert load_names_model(shipped_names()).known == tuple((DATA / "titles.txt").read_text().splitlines())


def test_a_title_needs_numpy_alone() -> None:
    code = (
        "import sys, numpy; from jazzgen.takes.titles import name_tune; name_tune(numpy.random.default_rng(0))\n"
        "sys.exit(f'{heavy}' if (heavy := {'tensorflow', 'keras', 'mido', 'matplotlib'} & set(sys.modules)) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_title_promises_no_form() -> None:
    titles = [name_tune(np.random.default_rng([seed, 1])) for seed in range(60)]
    assert not [title for title in titles if {"Waltz", "Ballad", "Blues", "Bossa", "Minor"} & set(title.split())]
    assert len(set(titles)) > 30
