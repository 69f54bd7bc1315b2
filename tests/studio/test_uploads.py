"""Files that are opened in the studio, and which of several tunes."""

from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from jazzgen.errors import ChoiceError, CorpusError
from jazzgen.harmony.tunes import parse_tune
from jazzgen.studio.opening import open_changes, open_solo

PLAYLIST = (Path(__file__).parents[1] / "formats" / "cases" / "two-tunes-playlist.html").read_bytes()
LINK = "irealbook://One=X=Swing=C=n=[T44C6 Z=Two=X=Swing=F=n=[T44x Z=Three=X=Swing=G=n=[T44G7|C6 Z"
BOOK = b'X:1\nT:First\nM:4/4\nL:1/4\nK:C\n"C"c e g e|\n\nX:2\nT:Second\nM:3/4\nL:1/4\nK:G\n"G"g b d\'|"D7"a3|\n'


@pytest.mark.parametrize(("tune", "title"), [(None, "My Blues"), (1, "My Blues"), (2, "Other")])
def test_any_tune_of_a_playlist_is_opened(tune: int | None, title: str) -> None:
    written = open_changes(PLAYLIST, ".html", tune)
    assert (written.tune, written.tunes) == (tune or 1, ["My Blues", "Other"])
    assert parse_tune(written.text).title == title


@pytest.mark.parametrize("link", [LINK, quote(LINK, safe=":/"), f"My list\n{LINK}\n"], ids=("plain", "escaped", "told"))
def test_a_link_is_opened_as_its_songs_are(link: str) -> None:
    written = open_changes(link.encode(), ".txt", 3)
    assert (written.tune, written.tunes) == (3, ["One", "Two", "Three"])
    assert parse_tune(written.text).title == "Three"
    with pytest.raises(CorpusError, match=r"the file: bar 1: .x. repeats 1 bar"):
        open_changes(link.encode(), ".txt", 2)
    with pytest.raises(ChoiceError, match=r"there is no number 4; it holds 3 pieces: 1 'One', 2 'Two', 3 'Three'"):
        open_changes(link.encode(), ".txt", 4)


def test_a_number_before_a_link_counts_and_the_first_that_can_be_read_is_opened() -> None:
    assert open_changes(f"3 {LINK}".encode(), ".txt").tune == 3
    assert open_changes(LINK.replace("C6 Z=Two", "x Z=Two").encode(), ".txt").tune == 3


def test_changes_with_a_link_in_a_comment_stay_as_they_are() -> None:
    text = f"Dm7 | G7 | C6  # from {LINK}"
    assert open_changes(text.encode(), ".txt").model_dump() == {"text": text, "tune": 1, "tunes": []}


def test_any_tune_of_a_book_is_opened_as_a_solo() -> None:
    first, second = open_solo(BOOK, ".abc"), open_solo(BOOK, ".abc", 2)
    assert (first.tune, first.take.about.title, second.tune, second.take.about.title) == (1, "First", 2, "Second")
    assert first.tunes == second.tunes == ("First", "Second")


def test_the_api_takes_the_number_of_a_tune(client: httpx.Client, session: int) -> None:
    reply = client.post("/api/uploads/changes?suffix=.html&tune=2", content=PLAYLIST).raise_for_status().json()
    assert (reply["tune"], reply["tunes"]) == (2, ["My Blues", "Other"])
    assert client.post("/api/uploads/changes?suffix=.html&tune=3", content=PLAYLIST).status_code == 422
    url = f"/api/uploads/solo?session={session}&suffix=.abc&tune=2"
    opened = client.post(url, content=BOOK).raise_for_status().json()
    assert (opened["tune"], opened["tunes"], len(opened["made"])) == (2, ["First", "Second"], 1)


def test_a_tune_of_a_link_is_looked_at_and_played_by_its_number(client: httpx.Client, session: int) -> None:
    looked = client.post("/api/changes", json={"text": LINK}).json()
    assert "holds 3 pieces: 1 'One', 2 'Two', 3 'Three'; say which" in looked["wrong"]["error"]
    assert client.post("/api/changes", json={"text": LINK, "tune": 3}).json()["chart"]["title"] == "Three"
    order = {"changes": LINK, "tune": 3, "seed": 1}
    made = client.post(f"/api/sessions/{session}/takes", json=order).raise_for_status().json()
    drawn = client.get(f"/api/takes/{made['made'][0]}").json()
    assert [chord["symbol"] for chord in drawn["chords"]] == ["G7", "C6"]
