"""Find chord symbols among a file's texts, told from words and from section letters."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from string import ascii_uppercase

from jazzgen.formats.midi.events import Text
from jazzgen.formats.midi.texts import is_form_text
from jazzgen.formats.midi.xf import XF
from jazzgen.harmony.changes import Changes, ChordSpan
from jazzgen.harmony.chords import is_chord, is_no_chord, parse_chord
from jazzgen.music.score import Note

# Kinds of text to search for chords, the likeliest first.
_KINDS = ("marker", "text", "lyrics", "cue_marker", XF)
# A section's letter, number and primes: A, B2, C'. All could be chord symbols as well.
_SECTION = re.compile(r"([A-H])([1-5]?)'{0,3}")
# Letters are chords if this share of what sounds is in them. A triad has a quarter of all pitch classes; over its own
# chord people play more than half their notes in it. Set by hand.
_IN_CHORD_SHARE = 0.5
_RUN = 3  # letters in turn that look like sections where A is not among them; set by hand


def written_chords(texts: Sequence[Text], notes: Iterable[Note]) -> Sequence[Text]:
    """Return the chord symbols of the first kind of text that is mostly chord symbols; empty if none is.

    Args:
        texts: of the whole file, in order of time.
        notes: all but drums; they decide whether letters are chords or sections.
    """
    for kind in _KINDS:
        of_kind = [text for text in texts if text.kind == kind and not is_form_text(text.text)]
        known = _symbols_among(Counter(text.text for text in of_kind))
        symbols = [text for text in of_kind if text.text in known]
        if symbols and not (_may_be_sections(known) and _are_sections(symbols, list(notes))):
            return symbols
    return ()


def _symbols_among(texts: Counter[str]) -> set[str]:
    """Return the texts that are chord symbols, if they are at least half of all; else none."""
    symbols = {text for text in texts if is_no_chord(text) or is_chord(text)}
    return symbols if 2 * sum(texts[text] for text in symbols) >= texts.total() else set()


def _may_be_sections(symbols: set[str]) -> bool:
    """Return whether the symbols look like section letters: without a gap, from A on or three of them, or numbered."""
    found = [_SECTION.fullmatch(symbol) for symbol in symbols]
    sections = [match for match in found if match]
    letters = {match[1] for match in sections}
    first = ascii_uppercase.find(min(letters, default=""))
    in_turn = letters == set(ascii_uppercase[first : first + len(letters)]) and (first == 0 or len(letters) >= _RUN)
    return len(sections) == len(found) and (in_turn or any(match[2] for match in sections))


def _are_sections(symbols: Sequence[Text], notes: Sequence[Note]) -> bool:
    """Return whether the notes do not fit the letters read as chords."""
    end = max((note.end for note in notes), default=0)
    inside = total = 0
    for span in spans_of(symbols, end):
        tones = set(span.chord.pitch_classes) if span.chord else set()
        for note in notes:
            sounding = min(note.end, span.end) - max(note.onset, span.onset)
            if sounding > 0:
                total += sounding
                inside += sounding if note.pitch % 12 in tones else 0
    return inside < _IN_CHORD_SHARE * total or not total


def spans_of(symbols: Sequence[Text], end: int) -> Changes:
    """Return each symbol's chord (None for N.C.) as a span up to the next symbol, the last one up to tick `end`."""
    onsets = [text.onset for text in symbols]
    chords = [None if is_no_chord(text.text) else parse_chord(text.text) for text in symbols]
    stops = zip(pairwise([*onsets, max(end, onsets[-1] + 1)]), chords, strict=True)
    return tuple(ChordSpan(onset, stop - onset, chord) for (onset, stop), chord in stops if stop > onset)


def written_reason(written: Sequence[Text]) -> str:
    return f"chords: {len(written)} symbols written as {written[0].kind}s"
