"""The exercise's music: a file to tokens, and tokens to a file."""

from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np

from jazzgen.band.arrange import Arrangement, arrange
from jazzgen.codec import grammar
from jazzgen.corpus import read_score
from jazzgen.errors import CorpusError, GrammarError, OptionError
from jazzgen.formats.charts import tune_of, tune_of_text
from jazzgen.formats.midi.write import write_midi
from jazzgen.formats.reading import ReadOptions
from jazzgen.harmony.tunes import Tune
from jazzgen.improvise.form import form_score
from jazzgen.learning.grammar.windows import prepare
from jazzgen.music.score import Part, Score
from jazzgen.music.timing import TATUMS_PER_BEAT, TICKS_PER_BEAT, beats_to_ticks
from jazzgen.system.files import make_folder
from jazzgen.system.places import starter_corpus

# The exercise's file, and the bars of it that hold the solo.
EXERCISE_FILE = Path("data") / "original_metheny.mid"
EXERCISE_BARS = (120, 137)
# With the exercise's options, these two tunes of the starter corpus happen to give 78 values too.
_STARTER_TUNES = ("blues_c_kettle_talk.mid", "blues_f_back_lot_errands.mid")
_GUITAR = 26  # General MIDI's jazz guitar, counted from 0


@dataclass(frozen=True, slots=True)
class MusicOptions:
    """Which notes of a file become tokens, and how.

    Attributes:
        grid: steps of the beat: 4 is sixteenths, as in the exercise; 12 holds triplets and swing too.
        gap: close gaps between notes up to this many beats; None closes all, as in the exercise.
        bars: first and last bar; None is all, or the 18 bars that the exercise takes of its file.
        melody: name or number of the melody's track; None finds it.
        through_music21: go through a music21 stream; the tokens are the same.
    """

    grid: int = 4
    gap: float | None = None
    bars: tuple[int, int] | None = None
    melody: str | None = None
    through_music21: bool = False

    def __post_init__(self) -> None:
        if self.grid < 1 or TATUMS_PER_BEAT % self.grid:
            raise OptionError(f"grid {self.grid}: must be 12, 6, 4, 3, 2 or 1 steps of a beat")
        if self.gap is not None and not self.gap >= 0:
            raise OptionError(f"gap {self.gap}: must be 0 or more beats, or None for all gaps")


@dataclass(frozen=True, slots=True)
class Music:
    """A solo as the exercise takes it.

    Attributes:
        name: of the file or files.
        score: prepared; of several files the first.
        tokens: of all files, concatenated.
    """

    name: str
    score: Score
    tokens: tuple[str, ...]


def load_music(path: Path | str | None, options: MusicOptions) -> Music:
    """Read a file's solo.

    Args:
        path: a file in any format that jazzgen reads; None is data/original_metheny.mid if it exists, otherwise two
            tunes of the starter corpus.
        options: what to take of it.

    Raises:
        CorpusError: the file is missing or holds no solo.
    """
    files = _default_files() if path is None else (Path(path),)
    scores = [_prepared(file, options) for file in files]
    tokens = chain.from_iterable(map(grammar.encode, scores))
    return Music(" and ".join(map(str, files)), scores[0], tuple(tokens))


def _default_files() -> tuple[Path, ...]:
    if EXERCISE_FILE.is_file():
        return (EXERCISE_FILE,)
    return tuple(starter_corpus() / name for name in _STARTER_TUNES)


def _prepared(file: Path, options: MusicOptions) -> Score:
    if not file.is_file():
        raise CorpusError(f"path: there is no file {file}; give a MIDI file, or nothing for the built-in tunes")
    bars = options.bars or (EXERCISE_BARS if file.name == EXERCISE_FILE.name else None)
    score = read_score(file, ReadOptions(melody=options.melody, bars=bars))
    if options.through_music21:
        score = _through_music21(score)
    gap_ticks = score.end if options.gap is None else beats_to_ticks(options.gap)
    return prepare(score, TICKS_PER_BEAT // options.grid, gap_ticks)


def _through_music21(score: Score) -> Score:
    from jazzgen.formats.streams import score_from_stream  # noqa: PLC0415 - brings music21
    from jazzgen.formats.to_streams import stream_from_score  # noqa: PLC0415

    return score_from_stream(stream_from_score(score))


def play_tokens(
    tokens: tuple[str, ...], music: Music, chords: str | None, bpm: float, path: Path, *, rng: np.random.Generator
) -> Score:
    """Write the tokens as a MIDI file, with a band.

    Args:
        tokens: a solo.
        music: gives the changes, repeated as needed, and the pitch range.
        chords: other changes, as in "Dm7 G7 | Cmaj7".
        bpm: tempo, quarter notes a minute.
        path: where to write; its folder is created.
        rng: draws the pitches and the band.

    Returns:
        The solo as written.

    Raises:
        GrammarError: a value is not a token of the grammar.
        OutputError: the file cannot be written.
    """
    tune = tune_of_text(chords) if chords else tune_of(music.score)
    score = _solo(tokens, tune, music.score, bpm, rng)
    make_folder(path.parent)
    write_midi(arrange(score, Arrangement(), rng=rng), path)
    return score


def _solo(tokens: tuple[str, ...], tune: Tune, learnt: Score, bpm: float, rng: np.random.Generator) -> Score:
    try:
        ticks = sum(map(grammar.token_ticks, tokens))
    except GrammarError as error:
        raise GrammarError(f"indices_values: {error}") from None
    form = form_score(tune, -(-ticks // tune.chart.end), bpm, learnt.feel)
    form = form.excerpt(1, next(bar.number for bar in form.bars() if bar.end >= ticks))
    pitches = [note.pitch for note in learnt.melody.notes]
    low = min(*pitches, max(pitches) - 12)  # at least an octave, so that every kind of note is within reach
    notes = grammar.decode(tokens, form.changes, rng, low=low, high=max(pitches))
    return replace(form, title="My music", parts=(Part("Solo", notes, _GUITAR),))
