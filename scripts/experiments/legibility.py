"""Measure how easy sheets of generated solos are to read.

    python scripts/legibility.py make FOLDER --count 300
    python scripts/legibility.py measure FOLDER

`make` improvises over all built-in tunes, one seed after another, and writes each solo as performed (x.mid) and as
improvised (x-written.mid). `measure` engraves the performances and counts beats that are hard to read: those with a
value shorter than a sixteenth, a dotted rest over the start of a beat, or a tie inside the beat; and how far printed
onsets are from those improvised.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import mean
from xml.etree.ElementTree import Element, fromstring

from jazzgen.band.arrange import Arrangement
from jazzgen.corpus import read_score
from jazzgen.engraving import musicxml_bytes
from jazzgen.formats.midi.write import midi_bytes
from jazzgen.formats.reading import ReadOptions
from jazzgen.harmony.tunes import find_tune, tune_names
from jazzgen.improvise.models import load_model
from jazzgen.improvise.options import Options
from jazzgen.music.score import Score
from jazzgen.music.timing import TICKS_PER_BEAT, Meter
from jazzgen.system.places import shipped_soloist
from jazzgen.takes.take import make_take

_SHORT = {"32nd", "64th", "128th", "256th"}
WRITTEN = "-written"


def main() -> None:
    """Make the solos, or print the figures of those made."""
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("make", "measure"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=300, help="solos to make")
    parser.add_argument("--worst", type=int, default=0, help="how many of the hardest sheets to name")
    asked = parser.parse_args()
    if asked.what == "make":
        make(asked.folder, asked.count)
    else:
        measure(asked.folder, asked.worst)


def make(folder: Path, count: int) -> None:
    """Improvise `count` solos, the first over the first tune with seed 0; those that are there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    model = load_model(shipped_soloist())
    names = tune_names()
    for number in range(count):
        seed, place = divmod(number, len(names))
        path = folder / f"{names[place]}-{seed}.mid"
        if path.exists():
            continue
        tune = find_tune(names[place])
        take = make_take(model, tune, Options(bpm=tune.bpm), Arrangement(), seed=seed)
        path.with_stem(path.stem + WRITTEN).write_bytes(midi_bytes(take.written))
        path.write_bytes(midi_bytes(take.played))
        print(path, flush=True)


@dataclass(frozen=True, slots=True)
class Beats:
    """Beats of a sheet by what makes them hard to read, and printed onsets in ticks.

    Attributes:
        sounding: beats with a note.
        short, dotted, tied: those among all beats with such a sign.
        graces: how many notes are printed as grace notes.
    """

    sounding: int
    short: frozenset[tuple[int, int]]
    dotted: frozenset[tuple[int, int]]
    tied: frozenset[tuple[int, int]]
    onsets: tuple[Fraction, ...]
    graces: int

    @property
    def hard(self) -> int:
        return len(self.short | self.dotted | self.tied)


def measure(folder: Path, worst: int) -> None:
    """Print the shares of hard beats and the mean error of onsets."""
    found: dict[str, Beats] = {}
    errors: dict[str, list[float]] = {}
    for path in sorted(folder.glob("*.mid")):
        if path.stem.endswith(WRITTEN):
            continue
        played = read_score(path, ReadOptions())
        solo = played.with_parts(played.melody)
        found[path.stem] = beats_of(musicxml_bytes(solo, tidy=True))
        written = read_score(path.with_stem(path.stem + WRITTEN), ReadOptions())
        errors[path.stem] = list(_errors(found[path.stem].onsets, written))
    _print("all", list(found.values()), [error for each in errors.values() for error in each])
    for name in sorted(found, key=lambda name: -found[name].hard / found[name].sounding)[:worst]:
        _print(name, [found[name]], errors[name])


def _print(name: str, sheets: list[Beats], errors: list[float]) -> None:
    beats = sum(sheet.sounding for sheet in sheets)
    kinds = {
        "hard": sum(sheet.hard for sheet in sheets),
        "short values": sum(len(sheet.short) for sheet in sheets),
        "dotted rests": sum(len(sheet.dotted) for sheet in sheets),
        "ties inside": sum(len(sheet.tied) for sheet in sheets),
    }
    shares = ", ".join(f"{kind} {count} ({100 * count / beats:.1f} %)" for kind, count in kinds.items())
    graces = sum(sheet.graces for sheet in sheets)
    print(f"{name}: {len(sheets)} sheets, {beats} beats with notes: {shares}")
    print(f"    {len(errors)} notes, {graces} of them grace notes; onsets off by {mean(errors):.1f} ms")


def _errors(onsets: tuple[Fraction, ...], written: Score) -> Iterator[float]:
    """Yield the milliseconds between each note improvised and the nearest onset printed."""
    for note in written.melody.notes:
        nearest = min(onsets, key=lambda onset: abs(onset - note.onset))
        yield float(abs(nearest - note.onset)) / TICKS_PER_BEAT * 60_000 / written.bpm


def beats_of(document: bytes) -> Beats:
    """Read the beats of a document's first part."""
    part = fromstring(document).find("part")
    assert part is not None
    sounding, short, dotted, tied = (set[tuple[int, int]]() for _ in range(4))
    onsets = []
    meter, divisions, start = Meter(), TICKS_PER_BEAT, Fraction(0)
    for number, measure in enumerate(part.iterfind("measure")):
        divisions = int(measure.findtext("attributes/divisions") or divisions)
        if measure.find("attributes/time") is not None:
            meter = Meter.parse(f"{measure.findtext('attributes/time/beats')}/{measure.findtext('.//beat-type')}")
        signs = list(_signs(measure, divisions))
        length = max(end for _, end, _ in signs)
        shift = meter.bar_ticks - length if measure.get("implicit") else 0
        beat = meter.pulse_ticks if meter.is_compound else TICKS_PER_BEAT
        for first, last, sign in signs:
            places = [(number, int((tick + shift) // beat)) for tick in (first, last)]
            inside = (last + shift) % beat != 0
            if sign.find("rest") is None:
                sounding.add(places[0])
                tie = [end.get("type") for end in sign.findall("tie")]
                if "stop" not in tie:
                    onsets.append(start + first)
                if "start" in tie and inside:
                    tied.add(places[1])
            elif sign.find("dot") is not None and (first + shift) // beat != -(-(last + shift) // beat) - 1:
                dotted.add(places[1])
            if sign.findtext("type") in _SHORT and sign.find("grace") is None:
                short.add(places[0])
        start += length
    return Beats(
        len(sounding),
        frozenset(short),
        frozenset(dotted),
        frozenset(tied),
        tuple(onsets),
        len(part.findall(".//grace")),
    )


def _signs(measure: Element, divisions: int) -> Iterator[tuple[Fraction, Fraction, Element]]:
    """Yield (start, end, note or rest) of the first voice, in ticks from the bar line."""
    position = Fraction(0)
    for sign in measure.iterfind("note"):
        if sign.findtext("voice") == "1" and sign.find("chord") is None:
            length = Fraction(int(sign.findtext("duration") or 0) * TICKS_PER_BEAT, divisions)
            yield position, position + length, sign
            position += length
