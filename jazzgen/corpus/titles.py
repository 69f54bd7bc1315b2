"""Titles for files without one, so that the takes of a tune are recognised as one tune.

Many corpora hold a folder per tune, with files named by key, part or number only, as in `Green Street/Bb.musicxml`:
there the folder's name is the title. Otherwise the file's name is, without a key or part at its end: `Green Street -
Alto Sax` is Green Street.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Titles that programs write if nobody gives one.
_PLACEHOLDERS = frozenset(
    ("", "untitled", "untitled score", "title", "new score", "lead sheet", "leadsheet", "music21 fragment", "music21")
)
_WORDS = re.compile(r"[a-z]+[#♯♭]?|\d+(?:st|nd|rd|th)?", re.I)
# A key as one word (C, F#m, Bes), or a word for a part of a score or a kind of score.
_KEY = re.compile(r"[a-h](?:[#♯♭b]|is|es|s|flat|sharp)?(?:m|min|maj)?", re.I)
_PART_WORDS = """
major minor maj min flat sharp key in of for the concert pitch instrument instruments part parts score
full lead sheet leadsheet melody solo voice vocal vocals vox chords changes theme head clef treble tune
transposed alto tenor soprano baritone bari sax saxophone trumpet cornet flugelhorn trombone clarinet
flute oboe bassoon horn tuba violin fiddle viola cello bass guitar banjo ukulele piano keys keyboard
organ vibes vibraphone drums harmonica version take copy final new edit original simple easy
"""
_PART = frozenset(_PART_WORDS.split())
_NUMBER = re.compile(r"\d")
_ONE_OF_SEVERAL = re.compile(r"[\d\s]*[a-h]?")
_ENDING = re.compile(r"(?<=\w)(?:(?<!_)|(?=\s))\s*+(?:[-–_,]++\s*+([^-–_,()\[\]]++)|[(\[]([^()\[\]]++)[)\]])\s*+$")


@dataclass(frozen=True, slots=True)
class Titles:
    """Titles of files, by their own titles or their paths.

    Attributes:
        numbered: file names of numbers and parts that occur in several folders, and so name no tune. In a single folder
            they may be all that distinguishes the tunes.
    """

    numbered: frozenset[str] = frozenset()

    @classmethod
    def among(cls, files: Sequence[Path]) -> "Titles":
        """Make titles for a corpus of these files."""
        folders = Counter(stem for stem, _ in {(file.stem, file.parent) for file in files} if _NUMBER.search(stem))
        return cls(frozenset(stem for stem, count in folders.items() if count > 1))

    def title(self, path: Path, title: str) -> str:
        """Return the title of a file with one piece; `title` is the one its reader found or made up."""
        if title != path.stem and title.strip().casefold() not in _PLACEHOLDERS:
            return title
        if _says_part(path.stem) and (path.stem in self.numbered or not _NUMBER.search(path.stem)):
            return next((folder.name for folder in path.absolute().parents if not _says_part(folder.name)), path.stem)
        return _without_part(path.stem)


def _says_part(text: str) -> bool:
    """Return whether all words are keys, parts or numbers."""
    words = _WORDS.findall(text)
    return bool(words) and all(
        word[0].isdecimal() or word.casefold() in _PART or _KEY.fullmatch(word) for word in words
    )


def _without_part(stem: str) -> str:
    """Return the name without a key or part set apart at its end; numbers and `-a` stay, as they distinguish tunes."""
    ending = _ENDING.search(stem)
    if not ending or not _says_part(said := ending[1] or ending[2]) or _ONE_OF_SEVERAL.fullmatch(said.strip()):
        return stem
    return stem[: ending.start()]
