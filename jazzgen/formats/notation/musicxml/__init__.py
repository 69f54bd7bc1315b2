"""Make sheets of MusicXML documents (MusicXML 4.0, https://www.w3.org/2021/06/musicxml40/).

Partwise and timewise scores are read. What all parts share (meters, repeats, tempos, rehearsal marks) is gathered from
every part, since programs write it into the first, the last or all.
"""

from collections import Counter
from xml.etree.ElementTree import Element

from jazzgen.errors import CorpusError
from jazzgen.formats.notation.drafts import BarDraft, Setting, bars_of
from jazzgen.formats.notation.musicxml.bars import PartReader
from jazzgen.formats.notation.written import Sheet, SheetPart
from jazzgen.formats.reading import Provenance
from jazzgen.harmony.changes import MAX_BARS

ROOTS = ("score-partwise", "score-timewise")
_MAX_PARTS = 200  # set by hand
_DRUM_CHANNEL = "10"  # MusicXML counts channels from 1


def sheet_from_xml(root: Element, title: str) -> Sheet:
    """Make a sheet of a document.

    Args:
        root: its root element.
        title: used if the document has none.

    Raises:
        CorpusError: when it is not a score or too large, or naming the bar and what is impossible in it.

    Example:
        >>> from xml.etree.ElementTree import fromstring
        >>> note = "<note><pitch><step>G</step><octave>4</octave></pitch><duration>4</duration></note>"
        >>> root = fromstring(f"<score-partwise><part><measure number='1'>{note}</measure></part></score-partwise>")
        >>> sheet_from_xml(root, "Riff").parts[0].bars[0].notes[0].pitch
        67
    """
    parts = _parts(root)
    if not parts or len(parts) > _MAX_PARTS or max(map(len, parts.values())) > MAX_BARS:
        raise CorpusError(f"has {len(parts)} parts: it needs 1 to {_MAX_PARTS}, of at most {MAX_BARS} bars")
    listed = {part.get("id", ""): part for part in root.iterfind("part-list/score-part")}
    setting = Setting(concert=root.find("defaults/concert-score") is not None)
    drafts = [BarDraft() for _ in range(max(map(len, parts.values())))]
    provenance = Provenance(_text(root, "identification/source"), _text(root, "identification/rights"))
    sheet = Sheet(_title(root) or title, [], [], composer=_composer(root), provenance=provenance)
    for number, (identity, measures) in enumerate(parts.items(), 1):
        entry = listed.get(identity, Element("score-part"))
        name = _text(entry, "part-name") or f"Part {number}"
        if _is_drums(entry):
            sheet.left_out.append(f"drums: part '{name}'")
        reader = PartReader(setting, drafts, keeps_notes=not _is_drums(entry))
        bars = reader.read(measures)
        sheet.parts.append(SheetPart(name, bars, _program(entry)))
    sheet.bars = list(bars_of(drafts))
    sheet.key, sheet.has_mode = setting.key, setting.has_mode
    sheet.feel, sheet.rhythm_feel = setting.feel, setting.rhythm_feel
    sheet.left_out += [*_counted(setting.left_out), *setting.not_understood]
    return sheet


def _parts(root: Element) -> dict[str, list[Element]]:
    """Return the measures of each part, by the part's id.

    Raises:
        CorpusError: when the document is not a score.
    """
    if root.tag == "score-partwise":
        return {part.get("id", str(n)): part.findall("measure") for n, part in enumerate(root.findall("part"))}
    if root.tag != "score-timewise":
        raise CorpusError(f"is XML, but <{root.tag[:40]}> is no score; MusicXML is {' or '.join(ROOTS)}")
    parts: dict[str, list[Element]] = {}
    for measure in root.findall("measure"):
        for part in measure.findall("part"):
            part.attrib = {**measure.attrib, **part.attrib}
            parts.setdefault(part.get("id", ""), []).append(part)
    return parts


def _counted(left_out: Counter[str]) -> list[str]:
    return [f"{count} {what}" for what, count in left_out.items()]


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _title(root: Element) -> str:
    work, movement = _text(root, "work/work-title"), _text(root, "movement-title")
    if work and movement and movement.lower() not in work.lower():
        return f"{work}: {movement}"
    printed = (_text(c, "credit-words") for c in root.iterfind("credit") if _text(c, "credit-type") == "title")
    return work or movement or next(printed, "")


def _composer(root: Element) -> str:
    creators = root.iterfind("identification/creator")
    return next((" ".join((c.text or "").split()) for c in creators if c.get("type") == "composer"), "")


def _is_drums(entry: Element) -> bool:
    channels = [(channel.text or "").strip() for channel in entry.iterfind("midi-instrument/midi-channel")]
    return bool(channels) and set(channels) == {_DRUM_CHANNEL}


def _program(entry: Element) -> int | None:
    written = _text(entry, "midi-instrument/midi-program")
    return int(written) - 1 if written.isdecimal() and 1 <= int(written) <= 128 else None
