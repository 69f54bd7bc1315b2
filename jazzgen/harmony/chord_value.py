"""The chord value: what is heard, however it was written."""

import re
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from jazzgen.errors import ChordError
from jazzgen.harmony.chord_parts import Parts
from jazzgen.harmony.chord_qualities import MAX_TONE, QUALITY_CLASSES, SKELETONS, QualityClass, Skeleton, Tones
from jazzgen.harmony.chord_writer import write_body
from jazzgen.harmony.pitch import ACCIDENTALS, FLAT_NAMES, LETTERS, pitch_class

_LEADING_NUMBER = re.compile("^(?:69|1[13]|[4569])")
NOTE_NAMES = frozenset(letter + accidental for letter in LETTERS for accidental in ACCIDENTALS)


@dataclass(frozen=True)
class Chord:
    """A chord as it is heard; two spellings of one chord are equal.

    So tones move to where they belong: a lone fifth or major seventh among the tensions becomes a chord tone, and a
    bass equal to the root becomes None.

    Attributes:
        root: note name.
        tones: chord tones in semitones above the root, ascending: the root (0) and at most one third (or its
            suspension), one fifth and one seventh (or sixth).
        tensions: all other tones of the symbol, 1 to 11 above the root, ascending.
        bass: note name under a slash, or None for the root.

    Raises:
        ChordError: if a name is no note name, or the tones do not fit the above.
    """

    root: str
    tones: Tones
    tensions: Tones = ()
    bass: str | None = None

    def __post_init__(self) -> None:
        if self.bass == self.root:
            object.__setattr__(self, "bass", None)
        for name in (self.root, self.bass):
            if name is not None and name not in NOTE_NAMES:
                raise ChordError(f"'{name}' is not a note name: write A to G with b or #")
        tones, tensions = _settled(self.tones, self.tensions)
        if tensions != self.tensions:
            object.__setattr__(self, "tones", tones)
            object.__setattr__(self, "tensions", tensions)

    @cached_property
    def root_class(self) -> int:
        return pitch_class(self.root)

    @property
    def bass_class(self) -> int:
        return pitch_class(self.bass or self.root)

    @property
    def pitch_classes(self) -> Tones:
        """Pitch classes of the chord tones, from the root up."""
        return self._classes(self.tones)

    @property
    def tension_classes(self) -> Tones:
        """Pitch classes of the tensions, in the order of the semitones above the root."""
        return self._classes(self.tensions)

    @property
    def quality(self) -> QualityClass:
        return QUALITY_CLASSES[self.tones]

    @property
    def skeleton(self) -> Skeleton:
        """Third, fifth and seventh above the root, None where one is missing."""
        return SKELETONS[self.tones]

    @property
    def third(self) -> int | None:
        """The third, or the suspension that stands for it, above the root."""
        return SKELETONS[self.tones].third

    @property
    def fifth(self) -> int | None:
        return SKELETONS[self.tones].fifth

    @property
    def seventh(self) -> int | None:
        """The seventh, or the sixth that stands for it, above the root."""
        return SKELETONS[self.tones].seventh

    @property
    def guide_tones(self) -> Tones:
        """Pitch classes of third and seventh."""
        return self._classes(tuple(tone for tone in (self.third, self.seventh) if tone is not None))

    def transposed(self, semitones: int, names: tuple[str, ...] = FLAT_NAMES) -> "Chord":
        """Return the chord moved by semitones, spelled with `names`."""

        def move(name: str) -> str:
            return names[(pitch_class(name) + semitones) % 12]

        return replace(self, root=move(self.root), bass=self.bass and move(self.bass))

    def under(self, above: "Chord") -> "Chord":
        """Return the polychord: this chord with the tones of `above` as tensions."""
        added = {(tone - self.root_class) % 12 for tone in above.pitch_classes + above.tension_classes}
        return Chord(self.root, *Parts(*self.skeleton, {*self.tensions} | added).spelled(), self.bass)

    def __str__(self) -> str:
        """Write the canonical spelling; `parse_chord` is its inverse."""
        return join_symbol(self, write_body(self.tones, self.tensions))

    def _classes(self, tones: Tones) -> Tones:
        return tuple((self.root_class + tone) % 12 for tone in tones)


def join_symbol(chord: Chord, body: str) -> str:
    """Return the whole symbol, a number after a double accidental in brackets: Bbb9 would be Bb with a flat 9."""
    if len(chord.root) > 2:
        body = _LEADING_NUMBER.sub(r"(\g<0>)", body)
    return chord.root + body + (f"/{chord.bass}" if chord.bass else "")


@lru_cache(maxsize=4096)
def _settled(tones: Tones, tensions: Tones) -> tuple[Tones, Tones]:
    """Check tones and tensions, and move each to where it belongs."""
    if tones not in SKELETONS:
        raise ChordError(f"chord tones {tones}: write 0, then at most one of 2-5, one of 6-8 and one of 9-11")
    ascending = tuple(sorted({*tensions} - {*tones}))
    if ascending != tensions or (tensions and not 0 < tensions[0] <= tensions[-1] <= MAX_TONE):
        raise ChordError(f"tensions {tensions}: write 1 to {MAX_TONE}, ascending, and none of the chord tones {tones}")
    return Parts(*SKELETONS[tones], {*tensions}).spelled()
