"""A soundfont's instruments: which recordings sound for a key struck so hard, and how.

SoundFont 2.04 (Creative, 2006): generators are chapter 8.1; how zones of an instrument and a preset add up is 9.4. A
zone says for which keys and velocities it is meant. Recordings are read when first played: 16 bits, or Ogg Vorbis in
an .sf3.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from jazzgen.audio.hydra import COMPRESSED, SAMPLE_BYTES, Tables, read_tables
from jazzgen.errors import SoundError

# Generators by number: those that are used here, with what holds where none is given. Times are in timecents.
START, END, LOOP_START, LOOP_END = 0, 1, 2, 3
_COARSE = {START: 4, END: 12, LOOP_START: 45, LOOP_END: 50}  # the same in steps of 32,768
CUTOFF, RESONANCE, ENVELOPE_TO_CUTOFF, ENVELOPE_SUSTAIN, PAN = 8, 9, 11, 29, 17
DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE, KEY_TO_HOLD, KEY_TO_DECAY = 33, 34, 35, 36, 37, 38, 39, 40
_KEYS, _VELOCITIES, KEY, VELOCITY, ATTENUATION = 43, 44, 46, 47, 48
COARSE_TUNE, FINE_TUNE, SCALE, CLASS, ROOT, LOOPS = 51, 52, 56, 57, 58, 54
_INSTRUMENT, _SAMPLE = 41, 53
_TIMES = (DELAY, ATTACK, HOLD, DECAY, RELEASE)
_DEFAULTS = {CUTOFF: 13_500, SCALE: 100, KEY: -1, VELOCITY: -1, ROOT: -1, **dict.fromkeys(_TIMES, -12_000)}
# What a preset does not change: places in a recording, and what is a key or a kind rather than an amount.
_OF_INSTRUMENTS_ALONE = {*_COARSE, *_COARSE.values(), KEY, VELOCITY, CLASS, ROOT, LOOPS, _SAMPLE}
_ALL = (0, 127)
_FULL_SCALE = 2.0**15
_UNPITCHED_ROOT = 60  # 7.10 asks for this where there is no pitch
_Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zone:
    """A recording and how it is played, for some keys and velocities."""

    sample: int
    keys: _Range
    velocities: _Range
    amounts: Mapping[int, int]

    def __getitem__(self, generator: int) -> int:
        return self.amounts.get(generator, _DEFAULTS.get(generator, 0))

    def offset(self, place: int) -> int:
        """Frames by which a place in the recording is moved."""
        return self[place] + 32_768 * self[_COARSE[place]]

    def sounds_at(self, key: int, velocity: int) -> bool:
        """Whether it is meant for a key struck so."""
        return self.keys[0] <= key <= self.keys[1] and self.velocities[0] <= velocity <= self.velocities[1]


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """Samples of one channel, with a loop in them.

    Attributes:
        samples: (frames,), float32, from -1 to 1.
        loop: frames where it starts and ends; empty or outside if there is none.
        rate: frames a second.
        root: the MIDI key that it sounds as.
        correction_cents: what has to be added for that.
    """

    samples: np.ndarray
    loop: _Range
    rate: int
    root: int
    correction_cents: int


@dataclass(frozen=True, slots=True)
class Font:
    """An open soundfont."""

    path: Path
    tables: Tables
    samples_start: int
    _presets: dict[_Range, tuple[Zone, ...]] = field(default_factory=dict)
    _recordings: dict[int, Recording] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> "Font":
        """Open a soundfont and read its tables.

        Raises:
            SoundError: it is no soundfont, or a damaged one.
        """
        try:
            tables, samples_start, _ = read_tables(path)
        except (OSError, KeyError, ValueError):
            raise _unreadable(path) from None
        return cls(path, tables, samples_start)

    def zones(self, bank: int, program: int) -> tuple[Zone, ...]:
        """Return the zones of a preset, or of the bank's first if there is none such; empty for an empty bank."""
        if (bank, program) not in self._presets:
            presets = self.tables[b"phdr"][:-1]
            of_bank = np.flatnonzero(presets["bank"] == bank).tolist()
            wanted = [i for i in of_bank if presets["program"][i] == program] or of_bank[:1]
            self._presets[bank, program] = tuple(zone for i in wanted[:1] for zone in self._zones_of(i))
        return self._presets[bank, program]

    def recording(self, sample: int) -> Recording:
        """Return the recording of a sample.

        Raises:
            SoundError: it cannot be read.
        """
        if sample not in self._recordings:
            try:
                self._recordings[sample] = self._read(self.tables[b"shdr"][sample])
            except IndexError:
                raise _unreadable(self.path) from None
        return self._recordings[sample]

    def _zones_of(self, preset: int) -> Iterator[Zone]:
        try:
            for added in self._runs(preset, b"phdr", b"pbag", b"pgen", _INSTRUMENT):
                for own in self._runs(added[_INSTRUMENT], b"inst", b"ibag", b"igen", _SAMPLE):
                    yield _merged(own, added)
        except (IndexError, ValueError):
            raise _unreadable(self.path) from None

    def _runs(self, row: int, head: bytes, bags: bytes, generators: bytes, link: int) -> Iterator[dict[int, int]]:
        """Yield the generators of each zone; a first zone without `link` gives defaults for all (sections 7.3, 7.7)."""
        first, last = self.tables[head]["bag"][row : row + 2].tolist()
        places = self.tables[bags]["generator"][first : last + 1].tolist()
        common: dict[int, int] = {}
        for start, end in pairwise(places):
            found = self.tables[generators][start:end]
            zone = common | dict(zip(found["kind"].tolist(), found["amount"].tolist(), strict=True))
            if link in zone:
                yield zone
            elif not common:
                common = zone

    def _read(self, head: np.void) -> Recording:
        start, end = int(head["start"]), int(head["end"])
        packed = bool(head["kind"] & COMPRESSED)
        size = 1 if packed else SAMPLE_BYTES
        with self.path.open("rb") as file:
            file.seek(self.samples_start + size * start)
            data = file.read(size * max(end - start, 0))
        frames = len(data) // SAMPLE_BYTES
        samples = _unpacked(data, self.path) if packed else np.frombuffer(data, "<i2", frames) / np.float32(_FULL_SCALE)
        loop_start, loop_end = (int(head[name]) - (0 if packed else start) for name in ("loop_start", "loop_end"))
        root = _UNPITCHED_ROOT if head["pitch"] > 127 else int(head["pitch"])
        return Recording(samples, (loop_start, loop_end), int(head["rate"]) or 1, root, int(head["correction"]))


def _merged(own: Mapping[int, int], added: Mapping[int, int]) -> Zone:
    """Combine an instrument's zone with a preset's, whose amounts are added to it."""
    amounts = {kind: _signed(amount) for kind, amount in own.items()}
    for kind, amount in added.items():
        if kind not in _OF_INSTRUMENTS_ALONE:
            amounts[kind] = amounts.get(kind, _DEFAULTS.get(kind, 0)) + _signed(amount)
    keys, velocities = (_both(own.get(kind), added.get(kind)) for kind in (_KEYS, _VELOCITIES))
    return Zone(own[_SAMPLE], keys, velocities, amounts)


def _both(*packed: int | None) -> _Range:
    """Return the overlap of ranges, each packed as low + 256 * high."""
    ranges = [(value & 0xFF, value >> 8) for value in packed if value is not None]
    return max((low for low, _ in ranges), default=_ALL[0]), min((high for _, high in ranges), default=_ALL[1])


def _signed(amount: int) -> int:
    return amount - 65_536 if amount >= 32_768 else amount


def _unpacked(data: bytes, path: Path) -> np.ndarray:
    import soundfile  # noqa: PLC0415 - an extra

    try:
        samples, _ = soundfile.read(io.BytesIO(data), dtype="float32", always_2d=True)
    except soundfile.SoundFileError:
        raise _unreadable(path) from None
    return np.ascontiguousarray(samples[:, 0])


def _unreadable(path: Path) -> SoundError:
    return SoundError(f"{path}: cannot be read as a soundfont; give another, or install it again")
