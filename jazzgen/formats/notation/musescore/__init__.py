"""Make sheets of MuseScore files, `.mscz` and `.mscx`, of version 3 and later.

The format has no published description; this follows what the program writes. Notes are stored at sounding pitch, chord
symbols as displayed: transposed for a transposing instrument, unless the score is at concert pitch.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from jazzgen.errors import CorpusError
from jazzgen.formats.notation.drafts import BarDraft, Setting, bars_of
from jazzgen.formats.notation.loading import packed_file, parse_xml
from jazzgen.formats.notation.musescore.staff import StaffReader, words_in
from jazzgen.formats.notation.written import PartBar, Sheet, SheetPart
from jazzgen.formats.reading import Provenance, told
from jazzgen.harmony.changes import MAX_BARS

_OLDEST = 3  # version
_MAX_STAVES = 200  # set by hand
_STEPS = re.compile(r"-?[0-9]{1,2}")


@dataclass(slots=True)
class _Player:
    """A part: indices of its staves in the file, from 0, and its instrument; `transposition` in semitones."""

    name: str
    staves: list[int] = field(default_factory=list)
    program: int | None = None
    is_drums: bool = False
    transposition: int = 0


def sheet_from_musescore(data: bytes, title: str) -> Sheet:
    """Make a sheet of a file.

    Args:
        data: the file, an archive or only its score.
        title: used if the file has none.

    Raises:
        CorpusError: when it is damaged, too old or not a score, or naming the bar and what is impossible in it.

    Example:
        >>> note = "<Chord><durationType>whole</durationType><Note><pitch>67</pitch></Note></Chord>"
        >>> staff = f"<Staff><Measure><voice>{note}</voice></Measure></Staff>"
        >>> score = f"<Score><Part><Staff/></Part>{staff}</Score>"
        >>> data = f"<museScore version='4.20'>{score}</museScore>".encode()
        >>> sheet_from_musescore(data, "Riff").parts[0].bars[0].notes[0].pitch
        67
    """
    root = parse_xml(packed_file(data, ".mscx") or data)
    _check_version(root)
    score = root.find("Score")
    if score is None:
        raise CorpusError("holds no score; save it again, or export it as MusicXML")
    style = packed_file(data, ".mss")
    is_concert = _is_concert(score) or (style is not None and _is_concert(parse_xml(style)))
    return _sheet(score, title, is_concert)


def _check_version(root: Element) -> None:
    major = root.get("version", "").partition(".")[0]
    if root.tag != "museScore" or not major.isdecimal():
        raise CorpusError(f"is XML, but <{root.tag[:40]}> is no MuseScore score")
    if int(major) < _OLDEST:
        raise CorpusError(f"is of MuseScore {major[:3]}; open it in a newer one and save it, or export it as MusicXML")


def _is_concert(element: Element) -> bool:
    return any((found.text or "").strip() == "1" for found in element.iterfind(".//concertPitch"))


def _sheet(score: Element, title: str, is_concert: bool) -> Sheet:
    players = list(_players(score))
    staves = [_measures(staff) for staff in score.iterfind("Staff")]
    count = max(map(len, staves), default=0)
    if not 0 < len(staves) <= _MAX_STAVES or not 0 < count <= MAX_BARS:
        raise CorpusError(
            f"has {len(staves)} staves of up to {count} bars: 1 to {_MAX_STAVES}, 1 to {MAX_BARS} are read"
        )
    drafts = [BarDraft(str(number)) for number in range(1, count + 1)]
    setting = Setting()
    parts: list[SheetPart] = []
    for player in players:
        bars = [PartBar() for _ in drafts]
        for place, number in enumerate(player.staves):
            if number < len(staves):
                transposition = 0 if is_concert else player.transposition
                reader = StaffReader(setting, drafts, bars, place, transposition, keeps_notes=not player.is_drums)
                reader.read(staves[number])
        parts.append(SheetPart(player.name, bars, player.program))
    return Sheet(
        title=_tag(score, "workTitle") or _printed_title(score) or title,
        bars=list(bars_of(drafts)),
        parts=parts,
        composer=_tag(score, "composer"),
        key=setting.key,
        has_mode=setting.has_mode,
        feel=setting.feel,
        rhythm_feel=setting.rhythm_feel,
        provenance=Provenance(_tag(score, "source"), _tag(score, "copyright")),
        left_out=[*_counted(setting.left_out, players), *told(setting.not_understood)],
    )


def _counted(left_out: Counter[str], players: Sequence[_Player]) -> Iterator[str]:
    yield from (f"drums: part '{player.name}'" for player in players if player.is_drums)
    yield from (f"{count} {what}" for what, count in left_out.items())


def _measures(staff: Element) -> list[Element]:
    """Return the measures, without multi-measure rests, whose single measures are in the file too."""
    return [measure for measure in staff.iterfind("Measure") if measure.find("multiMeasureRest") is None]


def _players(score: Element) -> Iterator[_Player]:
    first = 0
    for number, part in enumerate(score.iterfind("Part"), 1):
        count = len(part.findall("Staff"))
        instrument = part.find("Instrument")
        name = _text(part, "trackName") or _text(part, "Instrument/longName") or f"Part {number}"
        player = _Player(name, list(range(first, first + count)))
        if instrument is not None:
            program = instrument.find("Channel/program")
            value = "" if program is None else program.get("value", "")
            player.program = int(value) if value.isdecimal() and len(value) < 4 and int(value) < 128 else None
            player.is_drums = _text(instrument, "useDrumset") == "1"
            steps = _text(instrument, "transposeChromatic") or "0"
            player.transposition = int(steps) if _STEPS.fullmatch(steps) else 0
        first += count
        yield player


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _tag(score: Element, name: str) -> str:
    tags = (" ".join((tag.text or "").split()) for tag in score.iterfind("metaTag") if tag.get("name") == name)
    return next(filter(None, tags), "")


def _printed_title(score: Element) -> str:
    texts = (words_in(text) for text in score.iterfind(".//VBox/Text") if _text(text, "style").lower() == "title")
    return next(filter(None, texts), "")
