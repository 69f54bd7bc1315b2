"""`jazzgen corpus`: inspect, convert, split, fetch."""

import json
from pathlib import Path

import pytest
from helpers.cli_runner import Run
from helpers.small_model import STARTER

from jazzgen.corpus import fetch as fetching
from jazzgen.corpus import read_score
from jazzgen.corpus.split import load_split
from jazzgen.errors import CorpusError

SHEET = """title: Mine
key: F
changes:
[A] F7 | Bb7 . . Cm7 | 3/4 Gm7 | C7
"""


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("JAZZGEN_CACHE", str(folder))
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A solo, a chart, a file that is damaged, one of another kind."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.mid").write_bytes(sorted(STARTER.glob("*.mid"))[0].read_bytes())
    (folder / "chart.txt").write_text(SHEET, encoding="utf-8")
    (folder / "cut.mid").write_bytes(b"MThd")
    (folder / "read me.txt").write_text("Dear diary")
    return folder


def test_inspect_prints_a_table_of_what_is_there(run: Run, corpus: Path) -> None:
    code, out, err = run("corpus", "inspect", corpus)
    assert code == 0
    heading, chart, cut, good = out.splitlines()
    assert heading.split() == [
        "file",
        "format",
        "title",
        "meter",
        "bpm",
        "key",
        "bars",
        "notes",
        "chords",
        "verdict",
        "why",
    ]
    assert chart.split()[1:12] == ["changes", "Mine", "4/4", "3/4", "140", "F", "4", "0", "5", "changes", "only"]
    assert "MIDI" in cut
    assert "not read" in cut
    assert "93      27  solo" in good
    assert "melody: track 1 'Melody'" in good
    assert "symbols written as markers" in good
    assert err == "3 files, 3 pieces: 1 changes only, 1 not read, 1 solo; passed over in the folders: 1 .txt.\n"


def test_inspect_prints_json_lines(run: Run, corpus: Path) -> None:
    _, out, _ = run("corpus", "inspect", "--json", corpus)
    chart, cut, good = (json.loads(line) for line in out.splitlines())
    assert chart["file"] == str(corpus / "chart.txt")
    assert (chart["verdict"], chart["bars"], chart["meter"]) == ("changes only", 4, "4/4 3/4")
    assert (cut["verdict"], cut["notes"]) == ("not read", 0)
    assert (good["verdict"], good["title"], good["key"]) == ("solo", "Letter Left Unsealed", "Db")


def test_inspect_takes_patterns(run: Run, corpus: Path) -> None:
    _, out, _ = run("corpus", "inspect", str(corpus / "*.mid"))
    assert len(out.splitlines()) == 3
    code, _, err = run("corpus", "inspect", str(corpus / "*.xyz"))
    assert (code, err.count("\n")) == (1, 1)
    assert "no file matches" in err


def test_inspect_answers_from_the_cache_unless_told_not_to(run: Run, corpus: Path, cache_folder: Path) -> None:
    first = run("corpus", "inspect", "--no-cache", corpus)
    assert not list(cache_folder.iterdir())
    second = run("corpus", "inspect", corpus)
    assert len(list(cache_folder.rglob("*.json"))) == 3
    assert first == second == run("corpus", "inspect", corpus)


@pytest.mark.parametrize("suffix", [".mid", ".musicxml"])
def test_convert_keeps_notes_and_changes(suffix: str, run: Run, tmp_path: Path) -> None:
    source, target = sorted(STARTER.glob("*.mid"))[3], tmp_path / f"out{suffix}"
    code, out, err = run("corpus", "convert", source, target)
    assert (code, err) == (0, "")
    assert out.startswith(f"Wrote {target}")
    before, after = read_score(source), read_score(target)
    assert [span.symbol for span in after.changes] == [span.symbol for span in before.changes]
    assert [(n.pitch) for n in after.melody.notes] == [(n.pitch) for n in before.melody.notes]
    assert (after.title, after.key, after.meter) == (before.title, before.key, before.meter)


def test_convert_says_what_the_target_cannot_hold(run: Run, corpus: Path, tmp_path: Path) -> None:
    code, out, _ = run("corpus", "convert", corpus / "good.mid", tmp_path / "out.txt")
    assert code == 0
    assert out == f"Wrote {tmp_path / 'out.txt'} (left out: notes)\n"
    assert "key: Db" in (tmp_path / "out.txt").read_text(encoding="utf-8")


def test_convert_fills_a_folder_with_every_piece(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("corpus", "convert", corpus_of_songs(tmp_path), tmp_path / "out", "--to", "txt")
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["First Song.txt", "Second Song.txt"]
    assert len(out.splitlines()) == 2


def corpus_of_songs(folder: Path) -> Path:
    """A page of two charts, in the old iReal format."""
    path = folder / "songs.html"
    song = "=Doe Jane=Medium Swing=C=n={}"
    music = "*A[T44C^7 |D-7 G7 |C6 |Z".replace(" ", "%20")
    songs = "=".join(name + song.format(music) for name in ("First Song", "Second Song"))
    path.write_text(f'<a href="irealbook://{songs}">Songs</a>', encoding="utf-8")
    return path


def test_one_of_many_pieces_is_named(run: Run, tmp_path: Path) -> None:
    source, target = corpus_of_songs(tmp_path), tmp_path / "one.txt"
    code, _, err = run("corpus", "convert", source, target)
    assert (code, err.count("\n")) == (1, 1)
    assert "holds 2 pieces; choose one by name or number" in err
    assert run("corpus", "convert", source, target, "--piece", "Second Song")[0] == 0
    assert "title: Second Song" in target.read_text(encoding="utf-8")
    assert run("corpus", "convert", source, target, "--piece", "1", "--force")[0] == 0
    assert "title: First Song" in target.read_text(encoding="utf-8")
    code, _, err = run("corpus", "convert", source, target, "--piece", "Song")
    assert (code, "2 of its 2 pieces fit" in err) == (1, True)


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("gone.mid", "out.mid", "gone.mid: "),
        ("cut.mid", "out.mid", "cut.mid: "),
        ("good.mid", "out.pdf", "'.pdf' cannot be written; name a file that ends in .mid"),
        ("good.mid", "gone/out.mid", "the folder 'gone' is not there"),
        ("read me.txt", "out.mid", "read me.txt: "),
        ("notes.docx", "out.mid", "notes.docx: no known kind of file"),
    ],
)
def test_a_conversion_that_fails_is_one_line_and_leaves_nothing(
    source: str, target: str, message: str, run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus)
    before = sorted(corpus.iterdir())
    code, _, err = run("corpus", "convert", source, target)
    assert (code, err.count("\n")) == (1, 1)
    assert message in err
    assert sorted(corpus.iterdir()) == before


def test_a_split_is_saved_and_says_how_many(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("corpus", "split", STARTER, "-o", tmp_path / "s.json", "--share", 0.2)
    assert (code, out) == (0, f"Wrote {tmp_path / 's.json'}: 24 solos to train on, 6 of 6 tunes held out.\n")
    assert len(load_split(tmp_path / "s.json").held_out) == 6
    again = run("corpus", "split", STARTER, "-o", tmp_path / "t.json", "--share", 0.2)
    assert again[0] == 0
    assert (tmp_path / "s.json").read_bytes() == (tmp_path / "t.json").read_bytes()


def test_fetch_says_what_came_and_how_to_credit_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fake(dataset: fetching.Dataset, target: Path, **_: object) -> fetching.Fetched:
        return fetching.Fetched(target / dataset.file_name, 42_000_000, "ab" * 32, is_known=False)

    monkeypatch.setattr(fetching, "fetch", fake)
    code, out, _ = run("corpus", "fetch", "wjazzd", "-o", tmp_path)
    assert code == 0
    assert "42.0 MB, SHA-256 abab" in out
    assert "another edition" in out
    assert "licence ODbL-1.0" in out


def test_fetch_without_a_network_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(dataset: fetching.Dataset, *_: object, **__: object) -> fetching.Fetched:
        raise CorpusError(f"{dataset.url}: cannot be reached")

    monkeypatch.setattr(fetching, "fetch", fail)
    code, _, err = run("corpus", "fetch", "wjazzd")
    assert (code, err.count("\n")) == (1, 1)
    assert run("corpus", "fetch", "everything")[0] == 2
