"""MuseScore's own files."""

import io
import zipfile
from pathlib import Path

import pytest

from jazzgen.errors import CorpusError
from jazzgen.formats.notation import readings
from jazzgen.formats.reading import Reading
from jazzgen.harmony.pitch import Key

BEAT, BAR = 480, 1920
TRUMPET = "<transposeChromatic>-2</transposeChromatic><Channel><program value='56'/></Channel>"
PICKUP = (
    "<Measure len='1/4'><voice><KeySig><concertKey>-1</concertKey></KeySig>"
    "<TimeSig><sigN>4</sigN><sigD>4</sigD></TimeSig><Tempo><tempo>2.5</tempo></Tempo>{}</voice></Measure>"
)
WHOLE_REST = "<Rest><durationType>measure</durationType><duration>4/4</duration></Rest>"


def chord(pitch: int, kind: str = "quarter", more: str = "", tie: str = "") -> str:
    spanner = f"<Spanner type='Tie'><{tie}><location/></{tie}></Spanner>" if tie else ""
    return f"<Chord>{more}<durationType>{kind}</durationType><Note>{spanner}<pitch>{pitch}</pitch></Note></Chord>"


def harmony(root: int, name: str, more: str = "") -> str:
    return f"<Harmony><harmonyInfo><name>{name}</name><root>{root}</root>{more}</harmonyInfo></Harmony>"


def measure(voice: str, more: str = "") -> str:
    return f"<Measure>{more}<voice>{voice}</voice></Measure>"


def volta(ending: int) -> str:
    where = "<next><location><measures>1</measures></location></next>"
    return f"<Spanner type='Volta'><Volta><endings>{ending}</endings></Volta>{where}</Spanner>"


def document(measures: str, instrument: str = "", version: str = "4.60", style: str = "") -> bytes:
    part = f"<Part><Staff/><trackName>Trumpet</trackName><Instrument>{instrument}</Instrument></Part>"
    head = "<metaTag name='workTitle'>Own Tune</metaTag><metaTag name='composer'>A. Helper</metaTag>"
    return (
        f"<museScore version='{version}'><Score>{style}{head}{part}<Staff id='1'>{measures}</Staff></Score></museScore>"
    ).encode()


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in members.items():
            file.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


def read(path: Path, data: bytes) -> Reading:
    path.write_bytes(data)
    (reading,) = readings(path)
    assert isinstance(reading, Reading)
    return reading


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.mscx"


def test_a_lead_sheet_with_endings_ties_triplets_and_a_pickup(path: Path) -> None:
    triplet = "<Tuplet><normalNotes>2</normalNotes><actualNotes>3</actualNotes></Tuplet>"
    triplet += "".join(chord(pitch, "eighth") for pitch in (65, 67, 69)) + "<endTuplet/>"
    measures = [
        PICKUP.format(chord(60)),
        measure(
            "<RehearsalMark><text>A</text></RehearsalMark>"
            + harmony(14, "7")
            + triplet
            + chord(70, "half", "<dots>1</dots>", "next"),
            "<startRepeat/>",
        ),
        measure(
            volta(1) + "<location><fractions>1/2</fractions></location>" + harmony(13, "m7", "<base>11</base>")
            + "<location><fractions>-1/2</fractions></location>" + chord(70, "whole", tie="prev"),
            "<endRepeat>2</endRepeat>",
        ),
        measure(volta(2) + harmony(12, "0") + WHOLE_REST),
    ]  # fmt: skip
    reading = read(path, document("".join(measures)))
    score = reading.score
    assert (score.title, score.credits.composer, score.pickup, score.bpm) == ("Own Tune", "A. Helper", BEAT, 150)
    assert score.key == Key("F")
    assert [(span.onset - BEAT, span.symbol) for span in score.changes] == [
        (0, "C7"),
        (BAR + 2 * BEAT, "Fm7/Eb"),
        (2 * BAR, "C7"),
        (3 * BAR, "Bbm7b5"),
    ]
    first = [(note.onset - BEAT, note.duration, note.pitch) for note in score.melody.notes][:5]
    assert first == [(-480, 480, 60), (0, 160, 65), (160, 160, 67), (320, 160, 69), (480, 3 * BEAT + BAR, 70)]
    assert [(mark.onset, mark.label) for mark in score.marked("section")] == [(BEAT, "A"), (BEAT + 2 * BAR, "A")]


@pytest.mark.parametrize(
    ("style", "key", "chord_root", "sounding", "sounding_key"),
    [
        ("", "<accidental>-2</accidental>", 15, "Fm7", Key("Ab")),
        ("", "<concertKey>-4</concertKey>", 15, "Fm7", Key("Ab")),
        ("<Style><concertPitch>1</concertPitch></Style>", "<concertKey>-4</concertKey>", 13, "Fm7", Key("Ab")),
    ],
)
def test_a_transposing_instrument_sounds_as_it_does(
    path: Path, style: str, key: str, chord_root: int, sounding: str, sounding_key: Key
) -> None:
    body = f"<KeySig>{key}<mode>major</mode></KeySig>" + harmony(chord_root, "m7") + chord(65, "whole")
    score = read(path, document(measure(body), TRUMPET, style=style)).score
    assert ([span.symbol for span in score.changes], score.key) == ([sounding], sounding_key)
    assert (score.melody.program, score.melody.notes[0].pitch) == (56, 65)


def test_an_archive_has_its_style_in_a_file_of_its_own(tmp_path: Path) -> None:
    body = measure(harmony(13, "m7") + chord(65, "whole"))
    style = b"<museScore version='4.60'><Style><concertPitch>1</concertPitch></Style></museScore>"
    data = archive(own_mscx=document(body, TRUMPET), score_style_mss=style)
    assert [span.symbol for span in read(tmp_path / "a.mscz", data).score.changes] == ["Fm7"]


def test_jumps_are_played_as_far_as_they_say(path: Path) -> None:
    marker, jump = (
        "<Marker><label>{}</label></Marker>",
        "<Jump><jumpTo>start</jumpTo><playUntil>coda</playUntil></Jump>",
    )
    measures = (
        measure(chord(60, "whole"))
        + measure(chord(62, "whole"), marker.format("coda"))
        + measure(chord(64, "whole"), jump)
        + measure(chord(65, "whole"), marker.format("codab"))
    )
    assert [note.pitch for note in read(path, document(measures)).score.melody.notes] == [60, 62, 64, 60, 62, 65]


def test_what_is_not_understood_is_named_with_its_bar(path: Path) -> None:
    reading = read(path, document(measure(harmony(14, "xyz") + harmony(13, "7") + chord(60, "whole"))))
    assert reading.left_out[0].startswith("bar 1: chord 'Cxyz'")
    assert [span.symbol for span in reading.score.changes] == ["F7"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (document(measure(chord(60)), version="2.06"), "is of MuseScore 2; open it in a newer one and save it"),
        (b"<score-partwise/>", "is XML, but <score-partwise> is no MuseScore score"),
        (b"<museScore version='4.0'/>", "holds no score"),
        (document(""), "has 1 staves of up to 0 bars"),
        (document(measure(chord(60, "hole"))), "bar 1: a note lasts 'hole', which is no length"),
        (document(measure(chord(200))), "bar 1: the pitch 200 is outside MIDI's range"),
        (document(measure("<location><fractions>1/0</fractions></location>")), "bar 1: '1/0' is no fraction"),
        (archive(a_txt=b"x"), "no valid XML"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(path: Path, data: bytes, message: str) -> None:
    with pytest.raises(CorpusError) as caught:
        read(path, data)
    assert message in str(caught.value)
