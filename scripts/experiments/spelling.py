"""Measure spelling: strip what people spelled, spell it anew, and count what agrees, beside music21's own way."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import music21

from jazzgen.engraving.naming import names_of
from jazzgen.formats.reading import Reading
from jazzgen.formats.registry import read_file
from jazzgen.harmony.pitch import fifths_of, name_at
from jazzgen.music.score import Note, Score

_PROJECT = Path(__file__).parents[2]
_LEADSHEETS = sorted((_PROJECT / "midi" / "leadsheets").glob("*.txt"))
# Folders of music21's corpus.
_FOLDERS = ("leadSheet", "nottingham-dataset", "ryansMammoth")
# Set by hand, as music21 takes its time, the more so for long lines.
_MOST_FILES = 10  # of a folder
_WINDOW = 8  # notes
_Names = list[str]
_Speller = Callable[[Sequence[Note], Score], _Names]


def main() -> None:
    """Print a row for each corpus: notes that people spelled, and how many each method spells likewise, in percent."""
    spellers: dict[str, _Speller] = {"jazzgen": _ours, "music21": _music21, "key": _by_key}
    print(f"{'':24} {'notes':>6} " + " ".join(f"{name:>8}" for name in spellers))
    for name, paths in _corpora():
        lines = [line for path in paths for line in _spelled_lines(path)]
        total = sum(len(notes) for notes, _ in lines)
        shares = [sum(_agreeing(speller, *line) for line in lines) / total for speller in spellers.values()]
        print(f"{name:24} {total:6} " + " ".join(f"{100 * share:7.2f}%" for share in shares), flush=True)


def _corpora() -> Iterator[tuple[str, Sequence[Path]]]:
    yield "midi/leadsheets", _LEADSHEETS
    for folder in _FOLDERS:
        yield folder, _in_corpus(folder)


def _in_corpus(folder: str) -> list[Path]:
    root = Path(music21.__file__).parent / "corpus" / folder
    return sorted(path for path in root.rglob("*") if path.suffix in {".abc", ".mxl"})[:_MOST_FILES]


def _spelled_lines(path: Path) -> Iterator[tuple[Sequence[Note], Score]]:
    for piece in read_file(path):
        if isinstance(piece, Reading):
            for part in piece.score.parts:
                notes = [note for note in part.notes if note.fifths is not None]
                if notes:
                    yield notes, piece.score


def _agreeing(speller: _Speller, notes: Sequence[Note], score: Score) -> int:
    names = speller([Note(note.onset, note.duration, note.pitch) for note in notes], score)
    return sum(fifths_of(name) == note.fifths for name, note in zip(names, notes, strict=True))


def _ours(notes: Sequence[Note], score: Score) -> _Names:
    names = names_of(notes, score.changes, score.key)
    return [names[note.onset, note.pitch] for note in notes]


def _music21(notes: Sequence[Note], score: Score) -> _Names:
    """Spell with music21's `simplifyMultipleEnharmonics`, which is told the key."""
    key = music21.key.Key(score.key.tonic.replace("b", "-"), "minor" if score.key.minor else "major")
    simple: list[music21.pitch.Pitch] = []
    for start in range(0, len(notes), _WINDOW):
        pitches = [music21.pitch.Pitch(note.pitch) for note in notes[start : start + _WINDOW]]
        simple.extend(music21.pitch.simplifyMultipleEnharmonics(pitches, keyContext=key))
    return [pitch.name.replace("-", "b") for pitch in simple]


def _by_key(notes: Sequence[Note], score: Score) -> _Names:
    """Spell every pitch class always alike: sharps in sharp keys, flats in others."""
    return [name_at(fifths_of(score.key.names[note.pitch % 12])) for note in notes]
