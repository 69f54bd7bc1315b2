"""Read a solo to work on: by jazzgen, back from other programs, or by anybody.

Programs rename, merge and reorder tracks, put all of them on one, change the resolution and lose markers. The solo is
the track that still has its name, or else the one most like a solo; the recipe, if it is still there, says how it
swings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from jazzgen.corpus import name_of
from jazzgen.errors import CorpusError
from jazzgen.formats.midi.events import load_events
from jazzgen.formats.reading import Reading, ReadOptions, Unread, read_bytes
from jazzgen.formats.registry import read_file
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.tunes import Tune, parse_tune
from jazzgen.improvise.solo import SOLO_NAME
from jazzgen.music.channels import on_own_channels
from jazzgen.music.score import Score


@dataclass(frozen=True, slots=True)
class Asked:
    """Facts about a solo given by the user, as its file lacks them.

    Attributes:
        melody: its track or channel.
        changes: the chords of one chorus, from bar 1 on, as text.
        bpm: quarter notes a minute.
        downbeat: when bar 1 begins, in seconds.
    """

    melody: str | None = None
    changes: str | None = None
    bpm: float | None = None
    downbeat: float | None = None


NOTHING_ASKED = Asked()


@dataclass(frozen=True, slots=True)
class Played:
    """A solo as played, and warnings about how it was read."""

    score: Score
    warnings: tuple[str, ...]


def read_played(path: Path, asked: Asked = NOTHING_ASKED) -> Played:
    """Read a MIDI file with the solo as its first part, each part on a channel of its own.

    Raises:
        CorpusError: it cannot be read.
    """
    options = ReadOptions(asked.melody or _solo_of(path), bpm=asked.bpm, downbeat=asked.downbeat)
    reading = next(iter(read_file(path, options)), Unread("", "it holds no music"))
    if isinstance(reading, Unread):
        raise CorpusError(f"{name_of(path, reading.piece)}: {reading.reason}")
    score = reading.score if asked.changes is None else over(reading.score, parse_tune(asked.changes))
    return Played(on_own_channels(_named(score)), tuple(_warnings(reading, asked)))


def _named(score: Score) -> Score:
    """Name the solo `SOLO_NAME` if its file has no track names (type 0)."""
    if not score.parts or not score.melody.name.startswith("Channel "):
        return score
    return score.with_parts(replace(score.melody, name=SOLO_NAME), *score.parts[1:])


def read_played_bytes(data: bytes, asked: Asked = NOTHING_ASKED) -> Score:
    """Read the bytes of a MIDI file, as `read_played` does a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "solo.mid"
        path.write_bytes(data)
        return read_played(path, asked).score


def _solo_of(path: Path) -> str | None:
    """Return the name of the solo's track if a track still has it, else None."""
    try:
        voices = load_events(read_bytes(path)).voices
    except CorpusError as error:
        raise CorpusError(f"{path}: {error}") from None
    return SOLO_NAME if any(voice.name == SOLO_NAME for voice in voices) else None


def _warnings(reading: Reading, asked: Asked) -> Iterator[str]:
    yield from reading.warnings
    if reading.infers_chords and asked.changes is None:
        heard = reading.chords_reason.removeprefix("chords: ")
        yield f"no chords are written in it; {heard}. If you know them, give them"
    lost = [what for what in reading.left_out if not what.startswith("texts")]  # such as the recipe
    if lost:
        yield f"left out: {'; '.join(lost)}"


def over(score: Score, tune: Tune) -> Score:
    """Put a score over a tune's changes, repeated from bar 1 on, and in the tune's meter if the score has only one."""
    meters = ((0, tune.chart.meter),) if len(score.meters) == 1 else score.meters
    if score.pickup >= tune.chart.meter.bar_ticks:
        meters = score.meters
    placed = replace(score, meters=meters, changes=())
    end = max((bar.end for bar in placed.bars()), default=0)
    spans: list[ChordSpan] = []
    for start in range(score.pickup, end, tune.chart.end):
        for span in tune.chart.changes:
            onset = start + span.onset
            if onset < end:
                spans.append(ChordSpan(onset, min(span.duration, end - onset), span.chord))
    return replace(placed, changes=tuple(spans))
