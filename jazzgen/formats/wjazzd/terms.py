"""The Jazzomat project's terms for instruments, grooves and keys, and its citation.

Source: Jazzomat Research Project, "Database Glossary" (jazzomat.hfm-weimar.de/dbformat/glossary.html).
"""

import re
from collections.abc import Mapping

from jazzgen.formats.reading import Provenance
from jazzgen.harmony.pitch import MAJOR_TONICS, MINOR_TONICS, Key
from jazzgen.music.score import TENOR_SAX, Feel

PROVENANCE = Provenance(
    "Weimar Jazz Database (Jazzomat Research Project, https://jazzomat.hfm-weimar.de)",
    "ODbL-1.0",
    "Pfleiderer, M., Frieler, K., Abeßer, J., Zaddach, W.-G., & Burkhart, B. (Eds.) (2017). "
    "Inside the Jazzomat: New Perspectives for Jazz Research. Schott Campus.",
)
# By the database's code: name and the nearest General MIDI program, counted from 0.
INSTRUMENTS = {
    "ts": ("Tenor sax", TENOR_SAX),
    "ts-c": ("C melody sax", TENOR_SAX),
    "as": ("Alto sax", 65),
    "ss": ("Soprano sax", 64),
    "sss": ("Sopranino sax", 64),
    "bs": ("Baritone sax", 67),
    "bsx": ("Bass sax", 67),
    "cbsx": ("Contrabass sax", 67),
    "cl": ("Clarinet", 71),
    "acl": ("Alto clarinet", 71),
    "bcl": ("Bass clarinet", 71),
    "fl": ("Flute", 73),
    "ob": ("Oboe", 68),
    "tp": ("Trumpet", 56),
    "tpt": ("Trumpet", 56),
    "ptp": ("Pocket trumpet", 56),
    "cor": ("Cornet", 56),
    "flgn": ("Flugelhorn", 56),
    "tb": ("Trombone", 57),
    "frhn": ("French horn", 60),
    "vib": ("Vibraphone", 11),
    "p": ("Piano", 0),
    "g": ("Guitar", 26),
    "voc": ("Voice", 53),
}
# By groove; the first of several ("A:LATIN/B:SWING") counts.
FEELS: Mapping[str, Feel] = {
    "SWING": "swing",
    "TWOBEAT": "swing",
    "BALLAD": "swing",
    "LATIN": "straight",
    "FUNK": "straight",
}
# Whether the third is minor, by the first three letters of the mode.
_MODES = {"maj": False, "ion": False, "lyd": False, "mix": False, "min": True, "aeo": True, "dor": True, "phr": True}
_KEY = re.compile(rf"([A-G][b#]?)-({'|'.join(_MODES)})")


def feel_of(groove: str) -> Feel:
    """Return the feel of a groove; unknown ones swing."""
    return next((FEELS[word] for word in re.findall(r"[A-Z]+", groove.upper()) if word in FEELS), "swing")


def key_of(text: str) -> Key | None:
    """Return the major or minor key of `Bb-maj` or `D-dor`; None for others (`C-chrom`, `F`) and unusual tonics.

    Example:
        >>> str(key_of("D-dor"))
        'Dm'
    """
    match = _KEY.match(text)
    if not match:
        return None
    tonic, minor = match[1], _MODES[match[2]]
    return Key(tonic, minor) if tonic in (MINOR_TONICS if minor else MAJOR_TONICS) else None
