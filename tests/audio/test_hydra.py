"""Damaged soundfonts: told from whole ones before the synthesizer follows their tables out of bounds."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.soundfonts import write_soundfont

from jazzgen.audio.hydra import fault
from jazzgen.audio.soundfont import check_soundfont
from jazzgen.audio.synth import render
from jazzgen.errors import SoundError
from jazzgen.music.score import Note, Part, Score


@pytest.fixture
def font(tmp_path: Path) -> Path:
    return write_soundfont(tmp_path / "sine.sf2")


def poke(path: Path, table: bytes, offset: int, value: int) -> None:
    """Writes a 16-bit number into a table."""
    data = bytearray(path.read_bytes())
    place = data.rindex(table) + 8 + offset
    data[place : place + 2] = struct.pack("<H", value)
    path.write_bytes(data)


def test_a_whole_soundfont_has_no_fault(font: Path) -> None:
    assert fault(font) is None


@pytest.mark.parametrize(
    ("table", "offset", "value", "said"),
    [
        (b"phdr", 24, 60_000, "its phdr points outside pbag"),
        (b"phdr", 38 + 24, 0, None),
        (b"pbag", 4, 60_000, "its pbag points outside pgen"),
        (b"pgen", 2, 7, "its pgen points outside inst"),
        (b"inst", 22 + 20, 9, "its inst points outside ibag"),
        (b"ibag", 4, 0, None),
        (b"ibag", 0, 4, "its ibag points outside igen"),
        (b"igen", 8 + 2, 1, "its igen points outside shdr"),
        (b"shdr", 26, 1, "its shdr points outside smpl"),
        (b"shdr", 20, 60_000, "its shdr points outside smpl"),
    ],
)
def test_an_index_out_of_its_table_is_a_fault(
    table: bytes, offset: int, value: int, said: str | None, font: Path
) -> None:
    poke(font, table, offset, value)
    assert fault(font) == said


def test_a_table_that_is_not_there_is_a_fault(font: Path) -> None:
    data = font.read_bytes()
    font.write_bytes(data[: data.rindex(b"shdr") + 20])
    assert fault(font) is not None


def test_a_damaged_soundfont_is_refused_with_what_is_wrong(font: Path) -> None:
    poke(font, b"pgen", 2, 7)
    with pytest.raises(SoundError, match=r"sine\.sf2: is a damaged soundfont \(its pgen points outside inst\); give"):
        check_soundfont(font)


def test_a_name_that_is_no_utf8_is_a_name(font: Path) -> None:
    poke(font, b"phdr", 0, 0xE9E9)
    block = next(render(Score(parts=(Part("Solo", (Note(0, 480, 69),)),)), font))
    assert block.any()


def test_no_damage_brings_the_synthesizer_down(tmp_path: Path, font: Path) -> None:
    code = """
import sys
from pathlib import Path
import numpy as np
from jazzgen.audio.soundfont import find_soundfont
from jazzgen.audio.synth import render
from jazzgen.errors import SoundError
from jazzgen.music.score import Note, Part, Score
rng, path = np.random.default_rng(5), Path(sys.argv[1])
whole = np.frombuffer(path.read_bytes(), np.uint8)
tables = path.read_bytes().rindex(b"pdta")
score, refused = Score(parts=(Part("Solo", (Note(0, 48, 69),)),)), 0
for _ in range(150):
    spoilt = whole.copy()
    spoilt[rng.integers(tables, len(whole), 4)] = rng.integers(0, 256, 4)
    path.write_bytes(spoilt.tobytes())
    try:
        next(render(score, find_soundfont(path)))
    except SoundError:
        refused += 1
print(refused)
"""
    done = subprocess.run([sys.executable, "-c", code, font], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert 20 < int(done.stdout) < 150
