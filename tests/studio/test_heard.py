"""What is taken away: the files that it should be, as the page has them."""

import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

import httpx
import pytest
import soundfile
from helpers.studio_server import generate, studio
from PIL import Image

from jazzgen.corpus import read_score
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.harmony.changes import ChordSpan
from jazzgen.improvise.models import load_model
from jazzgen.music.score import Note, Part, Score
from jazzgen.system.places import shipped_soloist
from jazzgen.takes.recipe import recipe_in
from jazzgen.takes.remake import read_midi, remake


@pytest.fixture
def take(client: httpx.Client, session: int) -> int:
    return int(generate(client, session, title="Été à Paris")["made"][0])


def drawn_notes(client: httpx.Client, address: str) -> list[list[tuple[int, ...]]]:
    parts = client.get(address).raise_for_status().json()["parts"]
    return [[tuple(note) for note in part["notes"]] for part in parts]


def file_notes(data: bytes) -> list[list[tuple[int, ...]]]:
    score = read_midi(data)
    return [[(n.onset, n.duration, n.pitch, n.velocity) for n in part.notes] for part in score.parts]


@pytest.mark.parametrize("query", ["", "?swing=1", "?swing=3&bpm=90", "?bpm=200"])
def test_the_file_is_what_is_drawn(client: httpx.Client, take: int, query: str) -> None:
    data = client.get(f"/api/takes/{take}/midi{query}").raise_for_status().content
    assert file_notes(data) == drawn_notes(client, f"/api/takes/{take}{query}")


def test_a_file_is_named_after_its_title(client: httpx.Client, take: int) -> None:
    reply = client.get(f"/api/takes/{take}/midi")
    assert reply.headers["content-disposition"] == f'attachment; filename="ete-a-paris-{take}.mid"'
    assert reply.headers["content-type"] == "audio/midi"


def test_the_recipe_in_a_file_makes_it_again_whatever_was_done(client: httpx.Client, take: int) -> None:
    for what, body in (
        ("bars", {"first": 3, "last": 6, "locked": [4], "seed": 5}),
        ("longer", {"seed": 6}),
        ("transposed", {"semitones": 5}),
    ):
        take = client.post(f"/api/takes/{take}/{what}", json=body).raise_for_status().json()["made"][0]
    data = client.get(f"/api/takes/{take}/midi?swing=1.3&bpm=120").content
    recipe = recipe_in(data)
    assert recipe is not None
    assert recipe["op"] == "retimed"
    model = load_model(shipped_soloist())
    assert remake(recipe, lambda *_: model) == data


def test_tempo_and_swing_are_as_asked(client: httpx.Client, take: int) -> None:
    slow = read_midi(client.get(f"/api/takes/{take}/midi?bpm=90").content)
    plain = read_midi(client.get(f"/api/takes/{take}/midi").content)
    assert (round(slow.bpm, 3), slow.parts) == (90, plain.parts)
    even = read_midi(client.get(f"/api/takes/{take}/midi?swing=1").content)
    assert even.parts != plain.parts
    assert [n.pitch for n in even.melody.notes] == [n.pitch for n in plain.melody.notes]


@pytest.mark.parametrize("query", ["swing=0.5", "swing=9", "swing=nan", "bpm=1", "bpm=inf", "bpm=x"])
def test_odd_tempos_and_swings_are_refused(client: httpx.Client, take: int, query: str) -> None:
    assert client.get(f"/api/takes/{take}/midi?{query}").status_code == 422


def test_stems_are_the_parts(client: httpx.Client, take: int) -> None:
    data = client.get(f"/api/takes/{take}/stems").raise_for_status().content
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["solo.mid", "piano.mid", "bass.mid", "drums.mid"]
        whole = file_notes(client.get(f"/api/takes/{take}/midi").content)
        assert file_notes(archive.read("solo.mid"))[0] == whole[0]
    assert client.get(f"/api/takes/{take}/stems").content == data


def test_stems_are_called_what_files_may_be_called(client: httpx.Client, session: int) -> None:
    names = ["../../evil", "/abs", "Piano", "Piano", "Piano 2", "\u540d"]
    notes = tuple(Note(i * 480, 240, 60 + i % 5) for i in range(16))
    parts = [Part(name, notes, 0, channel) for channel, name in enumerate(names)]
    data = midi_bytes(Score(parts=(Part("Solo", notes, 66, 8), *parts), changes=(ChordSpan(0, 7680, None),)))
    url = f"/api/uploads/solo?session={session}&suffix=.mid"
    take = client.post(url, content=data).raise_for_status().json()["made"][0]
    with zipfile.ZipFile(io.BytesIO(client.get(f"/api/takes/{take}/stems").content)) as archive:
        found = archive.namelist()
    assert len(set(found)) == len(names) + 1
    assert all(re.fullmatch(r"[a-z0-9-]+\.mid", name) for name in found)


def test_musicxml_is_the_lead_sheet(client: httpx.Client, take: int, tmp_path: Path) -> None:
    data = client.get(f"/api/takes/{take}/musicxml").raise_for_status().content
    assert len(fromstring(data).findall("part/measure")) == 12
    path = tmp_path / "sheet.musicxml"
    path.write_bytes(data)
    assert read_score(path).title == "Été à Paris"


def test_sound_is_heard(client: httpx.Client, take: int) -> None:
    data = client.get(f"/api/takes/{take}/wav").raise_for_status().content
    samples, rate = soundfile.read(io.BytesIO(data))
    assert (rate, samples.shape[1]) == (44_100, 2)
    assert abs(samples).max() > 0.1


@pytest.mark.parametrize("of", ["sheet", "roll"])
def test_pictures_are_pictures(client: httpx.Client, take: int, of: str) -> None:
    data = client.get(f"/api/takes/{take}/png?of={of}").raise_for_status().content
    with Image.open(io.BytesIO(data)) as picture:
        assert min(picture.size) > 500
        assert picture.convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize("bars", [1, 2, 4])
def test_the_sheet_has_every_bar(client: httpx.Client, take: int, bars: int) -> None:
    pages = client.get(f"/api/takes/{take}/sheet?bars={bars}").raise_for_status().json()
    svg = fromstring("".join(pages))
    found = [e for e in svg.iter("{http://www.w3.org/2000/svg}g") if e.get("class") == "measure"]
    assert len(found) == 12
    systems = [e for e in svg.iter("{http://www.w3.org/2000/svg}g") if e.get("class") == "system"]
    assert len(systems) >= 12 / bars


def test_the_soundfont_is_served(client: httpx.Client) -> None:
    assert client.get("/soundfont").content[:4] == b"RIFF"


def test_without_a_soundfont_all_but_sound_works(tmp_path: Path) -> None:
    nowhere = tmp_path / "data"
    with (
        studio(tmp_path / "s.sqlite3", JAZZGEN_DATA=str(nowhere), JAZZGEN_SOUNDFONT=str(nowhere / "none.sf3")) as one,
        one.client() as client,
    ):
        notice = client.get("/api/setting").json()["sound"]
        assert not notice["there"]
        take = generate(client, client.post("/api/sessions", json={"name": "x"}).json()["id"])["made"][0]
        assert client.get(f"/api/takes/{take}/midi").status_code == 200
        for path in ("/soundfont", f"/api/takes/{take}/wav"):
            reply = client.get(path)
            assert reply.status_code in (404, 422)
            assert json.loads(reply.text)["error"] == notice["notice"]
