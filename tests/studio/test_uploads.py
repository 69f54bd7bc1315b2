"""Files that are opened in the studio."""

from pathlib import Path

from jazzgen.harmony.tunes import parse_tune
from jazzgen.studio.work import open_changes

PLAYLIST = Path(__file__).parents[1] / "formats" / "cases" / "two-tunes-playlist.html"


def test_of_a_playlist_the_first_tune_is_opened_and_the_others_are_told() -> None:
    text = open_changes(PLAYLIST.read_bytes(), ".html")
    assert text.splitlines()[-1] == "  # tune 1 of 2 in the file, 'My Blues'; the others: Other"
    assert parse_tune(text).title == "My Blues"
