"""Fixtures for the whole suite."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def metheny_path() -> Path:
    """The exercise's own MIDI file, which is in copyright and so not part of the project."""
    path = DATA / "seed" / "original_metheny.mid"
    if not path.exists():
        pytest.skip("needs the data folder's seed/original_metheny.mid")
    return path
