"""What `jazzgen generate` plays over: a text, a file, standard input, a key asked for."""

import io
from pathlib import Path

import mido
import pytest
from helpers.cli_runner import Run
from helpers.small_model import save_small_model

from jazzgen.formats.midi.texts import read_recipe_text
from jazzgen.harmony.changes import parse_chart
from jazzgen.harmony.tunes import find_tune

SHEET = """title: Mine
key: Gm
meter: 3/4
tempo: 99
feel: straight
changes:
[A] |: Gm7 | C7 :|      # twice
[B] 4/4 Cm7 F7 | Bbmaj7 |
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "small"
    save_small_model(folder)
    return folder


def recipe(path: Path) -> dict[str, object]:
    texts = [message.text for message in mido.MidiFile(path).tracks[0] if message.type == "text"]
    found = read_recipe_text(texts)
    assert isinstance(found, dict)
    return found


def signatures(path: Path) -> list[tuple[int, str]]:
    position, found = 0, []
    for message in mido.MidiFile(path).tracks[0]:
        position += message.time
        if message.type == "time_signature":
            found.append((position, f"{message.numerator}/{message.denominator}"))
    return found


def test_a_file_says_what_to_play_over(run: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "my tune.txt").write_bytes(b"\xef\xbb\xbf" + SHEET.replace("\n", "\r\n").encode())
    code, out, err = run("generate", "--model", model, "--changes", "my tune.txt", "--choruses", 2, "-o", "a.mid")
    assert (code, err) == (0, "")
    assert "over 12 bars of Mine, 99 bpm" in out
    made = recipe(tmp_path / "a.mid")
    assert made["changes"] == "[A] 3/4 Gm7 | C7 | [A] Gm7 | C7 | [B] 4/4 Cm7 F7 | Bbmaj7"
    assert (made["key"], made["meter"], made["straight"]) == ("Gm", "3/4", True)
    form = 4 * 1440 + 2 * 1920
    assert signatures(tmp_path / "a.mid") == [(0, "3/4"), (5760, "4/4"), (form, "3/4"), (form + 5760, "4/4")]


def test_a_recipe_s_changes_make_the_same_file(run: Run, model: Path, tmp_path: Path) -> None:
    run("generate", "--model", model, "--tune", "mixed-c", "--seed", 3, "-o", "a.mid")
    changes = recipe(tmp_path / "a.mid")["changes"]
    run("generate", "--model", model, "--changes", changes, "--tempo", 160, "--seed", 3, "-o", "b.mid")
    tracks = [mido.MidiFile(tmp_path / name).tracks[1:] for name in ("a.mid", "b.mid")]
    assert tracks[0] == tracks[1]
    assert signatures(tmp_path / "a.mid") == signatures(tmp_path / "b.mid")


@pytest.mark.parametrize("name", ["rhythm-bb", "mixed-c"])
def test_changes_are_read_from_standard_input(
    run: Run, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    sheet = run("tunes", name)[1]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sheet.encode())))
    _, out, _ = run("generate", "--model", model, "--changes", "-", "-o", "a.mid")
    assert f"of {find_tune(name).title}, {find_tune(name).bpm:g} bpm" in out
    assert parse_chart(str(recipe(tmp_path / "a.mid")["changes"])) == find_tune(name).chart


def test_a_meter_asked_for_is_stronger_than_the_file_s(run: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("meter: 3/4\nC | F")
    run("generate", "--model", model, "--changes", "a.txt", "--meter", "5/4", "-o", "a.mid")
    assert recipe(tmp_path / "a.mid")["changes"] == "5/4 C | F"


@pytest.mark.parametrize(
    ("arguments", "moved", "key", "changes"),
    [
        (["--key", "Eb"], " moved up 3 half steps from C to Eb,", "Eb", "Fm7 | Bb7 | Ebmaj7 | Abm6"),
        (["--key", "B"], " moved down 1 half step from C to B,", "B", "C#m7 | F#7 | Bmaj7 | Em6"),
        (["--key", "C"], " of your changes, 140 bpm", "C", "Dm7 | G7 | Cmaj7 | Fm6"),
        (["--transpose", "-5"], " moved down 5 half steps from C to G,", "G", "Am7 | D7 | Gmaj7 | Cm6"),
        (["--transpose", "13"], " moved up 1 half step from C to Db,", "Db", "Ebm7 | Ab7 | Dbmaj7 | Gbm6"),
        (["--transpose", "12"], " of your changes, 140 bpm", "C", "Dm7 | G7 | Cmaj7 | Fm6"),
    ],
)
def test_changes_are_played_in_another_key(
    run: Run, model: Path, tmp_path: Path, arguments: list[str], moved: str, key: str, changes: str
) -> None:
    _, out, _ = run("generate", "--model", model, "--changes", "Dm7 | G7 | Cmaj7 | Fm6", *arguments, "-o", "a.mid")
    assert moved in out
    made = recipe(tmp_path / "a.mid")
    assert (made["key"], made["changes"]) == (key, changes)


def test_a_file_s_key_is_the_one_that_is_left(run: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("key: G\nD7 | %")
    _, out, _ = run("generate", "--model", model, "--changes", "a.txt", "--key", "F", "-o", "a.mid")
    assert "moved down 2 half steps from G to F" in out
    assert recipe(tmp_path / "a.mid")["changes"] == "C7 | C7"


def test_a_name_for_the_same_sound_is_told(run: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("key: Gb\nGbmaj7 | Cb7")
    _, out, _ = run("generate", "--model", model, "--changes", "a.txt", "--key", "F#", "-o", "a.mid")
    assert "of your changes moved from Gb to F#, 140 bpm" in out
    assert recipe(tmp_path / "a.mid")["changes"] == "F#maj7 | B7"


WRONG = [
    (["--changes", "tune.txt"], "tune.txt: there is no such file; give a file, or changes as in 'Dm7 | G7'"),
    (["--changes", "no such/folder/"], "no such/folder/: there is no such file"),
    (["--changes", "bad.txt"], "bad.txt: bar 2: chord 'H7'"),
    (["--changes", "latin.txt"], "latin.txt: is not UTF-8 text (invalid"),
    (["--changes", "large.txt"], "large.txt: is larger than 4 MiB"),
    (["--changes", "header.txt"], "header.txt: key 'H'"),
    (["--changes", "|: C | F"], "the repeat from bar 1 is not closed"),
    (["--changes", "C |\n" * 60_000], "more than 50000 bars"),
    (["--changes", "C | F", "--meter", "4"], "meter '4'"),
    (["--tune", "minor-blues-c", "--key", "D"], "can go to another minor key only; ask for Dm"),
    (["--tune", "blues-f", "--key", "H"], "key 'H'"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_mistake_is_one_line_and_nothing_is_written(
    run: Run, model: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "bad.txt").write_text("C7\nH7")
    (tmp_path / "latin.txt").write_bytes("C7 # été".encode("latin1"))
    (tmp_path / "large.txt").write_text("C " * (2 * 1024 * 1024 + 1))
    (tmp_path / "header.txt").write_text("key: H\nC")
    code, out, err = run("generate", "--model", model, *arguments, "-o", "a.mid")
    assert (code, out) == (1, "")
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "a.mid").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tune", "blues-f", "--key", "G", "--transpose", "1"], "give either --key or --transpose"),
        (["--tune", "blues-f", "--meter", "3/4"], "--meter goes with --changes"),
        (["--tune", "blues-f", "--tune-number", "2"], "--tune-number goes with --changes"),
        (["--tune", "blues-f", "--transpose", "up"], "not a valid integer"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    run: Run, model: Path, arguments: list[str], message: str
) -> None:
    code, _, err = run("generate", "--model", model, *arguments)
    assert code == 2
    assert message in err


@pytest.mark.parametrize("blank", [" ", "%20"])
def test_a_link_to_a_chart_is_played_over(blank: str, run: Run, model: Path) -> None:
    link = "irealbook://Tin Roof=Doe Jane=Swing=C=n=[T44C^7 |A-7 |D-7 |G7 Z".replace(" ", blank)
    code, out, _ = run("generate", "--model", model, "--changes", link)
    assert code == 0
    assert "over 4 bars of Tin Roof" in out


PLAYLIST = Path(__file__).parents[1] / "formats" / "cases" / "two-tunes-playlist.html"


@pytest.mark.parametrize("as_link", [False, True])
def test_of_a_playlist_the_tune_of_a_number_is_played_over(run: Run, model: Path, as_link: bool) -> None:
    changes = PLAYLIST.read_text().split('"')[1] if as_link else str(PLAYLIST)
    code, out, _ = run("generate", "--model", model, "--changes", changes, "--tune-number", "2")
    assert code == 0
    assert "over 4 bars of Other" in out


@pytest.mark.parametrize("as_link", [False, True])
def test_a_playlist_without_a_number_is_listed(run: Run, model: Path, as_link: bool) -> None:
    changes = PLAYLIST.read_text().split('"')[1] if as_link else str(PLAYLIST)
    code, _, err = run("generate", "--model", model, "--changes", changes)
    assert code == 1
    assert "it holds 2 pieces: 1 'My Blues', 2 'Other'; say which, by its number: --tune-number 1" in err
    code, _, err = run("generate", "--model", model, "--changes", changes, "--tune-number", "3")
    assert code == 1
    assert "there is no number 3; it holds 2 pieces" in err
