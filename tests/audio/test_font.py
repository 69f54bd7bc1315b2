"""Which recordings a soundfont's tables lead to, and with which amounts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.soundfonts import write_soundfont

from jazzgen.audio import font as sf
from jazzgen.audio.font import Font
from jazzgen.audio.hydra import Tables
from jazzgen.errors import SoundError


@pytest.fixture
def font(tmp_path: Path) -> Font:
    return Font.open(write_soundfont(tmp_path / "sine.sf2"))


def generators(*pairs: tuple[int, int]) -> np.ndarray:
    return np.array(list(pairs), np.dtype([("kind", "<u2"), ("amount", "<u2")]))


def bags(*starts: int) -> np.ndarray:
    return np.array([(start, 0) for start in starts], np.dtype([("generator", "<u2"), ("modulator", "<u2")]))


def packed(low: int, high: int) -> int:
    return low | high << 8


def with_tables(font: Font, tables: Tables) -> Font:
    return replace(font, tables={**font.tables, **tables}, _presets={}, _recordings={})


def test_the_sine_is_one_zone_for_all_keys(font: Font) -> None:
    (zone,) = font.zones(0, 66)
    assert (zone.keys, zone.velocities, zone[sf.ROOT], zone[sf.LOOPS]) == ((0, 127), (0, 127), 69, 1)
    assert zone[sf.CUTOFF] == 13_500
    recording = font.recording(zone.sample)
    assert (len(recording.samples), recording.rate, recording.root) == (4_410, 44_100, 69)
    assert np.abs(recording.samples).max() == pytest.approx(20_000 / 2**15, abs=1e-4)


def test_a_missing_preset_is_the_first_of_its_bank_and_a_missing_bank_is_silence(font: Font) -> None:
    assert font.zones(128, 40) == font.zones(128, 0)
    assert font.zones(7, 0) == ()


def test_a_presets_amounts_are_added_and_ranges_overlap(font: Font) -> None:
    """The first zone of each, which leads nowhere, holds for all; a place in a recording is the instrument's alone."""
    drums = int(font.tables[b"phdr"]["bag"][128])
    preset = generators((sf.PAN, 100), (41, 0))
    own = generators((sf.PAN, 65_536 - 50), (sf.ATTENUATION, 30), (43, packed(40, 80)), (sf.PAN, 20), (53, 0))
    tables = {
        b"pgen": np.concatenate(
            [generators(*[(41, 0)] * drums), generators((43, packed(60, 90)), (sf.START, 5)), preset]
        ),
        b"pbag": bags(*range(drums + 1), drums + 2, drums + 4),
        b"phdr": font.tables[b"phdr"].copy(),
        b"inst": font.tables[b"inst"].copy(),
        b"ibag": bags(0, 2, 5),
        b"igen": own,
    }
    tables[b"phdr"]["bag"][129] = drums + 2
    tables[b"inst"]["bag"][1] = 2
    (zone,) = with_tables(font, tables).zones(128, 0)
    assert (zone.keys, zone[sf.PAN], zone[sf.ATTENUATION], zone[sf.START]) == ((60, 80), 120, 30, 0)
    assert zone.sounds_at(60, 1)
    assert not zone.sounds_at(59, 1)


def test_tables_that_point_nowhere_are_an_error(font: Font) -> None:
    with pytest.raises(SoundError, match="cannot be read as a soundfont"):
        with_tables(font, {b"inst": font.tables[b"inst"][:0]}).zones(0, 0)
    with pytest.raises(SoundError, match="cannot be read as a soundfont"):
        font.recording(9)


def test_a_compressed_recording_is_unpacked(tmp_path: Path) -> None:
    plain = Font.open(write_soundfont(tmp_path / "sine.sf2")).recording(0)
    packed_one = Font.open(write_soundfont(tmp_path / "sine.sf3", compressed=True)).recording(0)
    assert packed_one.loop == plain.loop
    assert packed_one.samples.shape == plain.samples.shape
    assert np.abs(packed_one.samples - plain.samples)[100:-100].max() < 0.02


def test_a_compressed_recording_that_is_none_is_an_error(tmp_path: Path) -> None:
    path = write_soundfont(tmp_path / "sine.sf3", compressed=True)
    data = bytearray(path.read_bytes())
    start = data.index(b"OggS")
    data[start : start + 200] = bytes(200)
    path.write_bytes(data)
    with pytest.raises(SoundError, match=r"sine\.sf3: cannot be read as a soundfont"):
        Font.open(path).recording(0)
