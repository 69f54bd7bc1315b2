"""Forms to play over: chord changes that belong to nobody, by name."""

import difflib
from dataclasses import dataclass

from jazzgen.errors import ChordError
from jazzgen.harmony.changes import Changes, parse_changes
from jazzgen.harmony.pitch import Key
from jazzgen.timing import Meter


@dataclass(frozen=True)
class Tune:
    """What to play over.

    Attributes:
        changes: one chorus.
        bpm: the tempo it is usually played at.
        straight: whether its eighths are even whatever else a player does.
    """

    title: str
    changes: Changes
    key: Key
    meter: Meter = Meter()
    bpm: float = 140.0
    straight: bool = False


_STRAIGHT = ("bossa-a",)
# Name: title, key, meter, tempo, changes.
_FORMS: dict[str, tuple[str, str, str, float, str]] = {
    "blues-f": (
        "Blues in F",
        "F",
        "4/4",
        140,
        "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bdim7 | F7 | Am7b5 D7b9 | Gm7 | C7 | F7 D7b9 | Gm7 C7",
    ),
    "blues-bb": (
        "Blues in Bb",
        "Bb",
        "4/4",
        160,
        "Bb7 | Eb7 | Bb7 | Fm7 Bb7 | Eb7 | Edim7 | Bb7 | Dm7b5 G7b9 | Cm7 | F7 | Bb7 G7b9 | Cm7 F7",
    ),
    "bird-blues-f": (
        "Many-chord blues in F",
        "F",
        "4/4",
        180,
        "Fmaj7 | Em7b5 A7b9 | Dm7 G7 | Cm7 F7 | Bb7 | Bbm7 Eb7 | Am7 D7 | Abm7 Db7 | Gm7 | C7 | Fmaj7 D7b9 | Gm7 C7",
    ),
    "minor-blues-c": (
        "Minor blues in C",
        "Cm",
        "4/4",
        150,
        "Cm7 | Fm7 | Cm7 | C7alt | Fm7 | % | Cm7 | % | Ab7 | G7alt | Cm7 | Dm7b5 G7alt",
    ),
    "rhythm-bb": (
        "Rhythm changes in Bb",
        "Bb",
        "4/4",
        200,
        """Bb6 G7b9 | Cm7 F7 | Dm7 G7b9 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Dm7 G7b9 | Cm7 F7
        Bb6 G7b9 | Cm7 F7 | Dm7 G7b9 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Cm7 F7 | Bb6
        D7 | % | G7 | % | C7 | % | F7 | %
        Bb6 G7b9 | Cm7 F7 | Dm7 G7b9 | Cm7 F7 | Fm7 Bb7 | Eb7 Edim7 | Cm7 F7 | Bb6""",
    ),
    "two-five-c": (
        "Two-fives from C",
        "C",
        "4/4",
        150,
        """Dm7 | G7 | Cmaj7 | % | Cm7 | F7 | Bbmaj7 | %
        Bbm7 | Eb7 | Abmaj7 | % | Dm7b5 | G7b9 | Cmaj7 | A7b9""",
    ),
    "minor-two-five-d": (
        "Minor two-fives in D",
        "Dm",
        "4/4",
        130,
        "Em7b5 | A7b9 | Dm6 | % | Gm7 | C7 | Fmaj7 | Bbmaj7 | Em7b5 | A7b9 | Dm7 | G7 | Em7b5 | A7alt | Dm6 | %",
    ),
    "modal-d": (
        "Two modes",
        "Dm",
        "4/4",
        170,
        "Dm7 | % | % | % | % | % | % | % | Ebm7 | % | % | % | Dm7 | % | % | %",
    ),
    "bossa-a": (
        "Bossa in A minor",
        "Am",
        "4/4",
        130,
        "Am9 | % | D9 | % | Gmaj9 | % | Cmaj7 | F7#11 | Bm7b5 | E7b9 | Am9 | % | Bm7b5 | E7alt | Am9 | E7b9",
    ),
    "ballad-eb": (
        "Ballad in Eb",
        "Eb",
        "4/4",
        64,
        "Ebmaj7 Cm7 | Fm7 Bb7 | Gm7 C7b9 | Fm7 Bb7 | Bbm7 Eb7 | Abmaj7 Db7#11 | Ebmaj7 C7alt | Fm7 Bb7",
    ),
    "waltz-g": (
        "Waltz in G",
        "G",
        "3/4",
        160,
        "Gmaj7 | Em7 | Am7 | D7 | Bm7 | E7b9 | Am7 | D7 | Dm7 | G7 | Cmaj7 | Cm6 | Bm7 | E7b9 | Am7 | D7",
    ),
}


def tune_names() -> tuple[str, ...]:
    return tuple(_FORMS)


def find_tune(name: str) -> Tune:
    """The form of that name; ChordError with the nearest name if there is none."""
    if name not in _FORMS:
        near = difflib.get_close_matches(name.lower(), _FORMS, n=1)
        hint = f"did you mean {near[0]}?" if near else "'jazzgen tunes' lists them"
        raise ChordError(f"no tune is called '{name}'; {hint}")
    title, key, meter, bpm, changes = _FORMS[name]
    return Tune(
        title, parse_changes(changes, Meter.parse(meter)), Key.parse(key), Meter.parse(meter), bpm, name in _STRAIGHT
    )
