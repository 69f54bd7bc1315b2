"""Our MusicXML as Verovio prints it best; what the standard says otherwise stays in the files that we write."""

from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

_SPACE = "\N{NO-BREAK SPACE}"
_TITLE_SIZE = "150%"  # set by eye
_VALUES = {1: "whole", 2: "half", 4: "quarter", 8: "eighth", 16: "16th", 32: "32nd"}


def for_verovio(document: bytes, *, is_lead: bool = True) -> str:
    """Return the document as Verovio is to have it; a full score has the names of parts before their staves.

    Chord symbols are reduced to their texts, since it would repeat the degrees after them, and print the root that
    MusicXML requires for N.C. Bars of changes alone have a slash a beat. Title, composer and the name of a part are
    placed, since it prints only the title otherwise; so is the tempo of a lead sheet, which would stand below chords.
    """
    root = fromstring(document)  # noqa: S314 - our own
    for harmony in root.iter("harmony"):
        for degree in harmony.findall("degree"):
            harmony.remove(degree)
        if harmony.findtext("kind") == "none":
            harmony.remove(harmony[0])
        for kind in harmony.findall("kind"):  # so that one does not touch the next
            kind.set("text", kind.get("text", "") + 2 * _SPACE)
    for part in root.iter("part"):
        if part.find("measure/attributes/measure-style/slash") is not None:
            _slash(part)
    for kind in root.iter("direction-type"):
        for words in kind.findall("words"):
            words.text = f"{words.text}{_SPACE}"  # before a tempo, which it sets close
    if is_lead:
        for name in root.iter("part-name"):
            name.text = " "
    _place_credits(root, _taken_tempo(root) if is_lead else "")
    return tostring(root, encoding="unicode")


def _taken_tempo(root: Element) -> str:
    """Remove the first tempo and return it as text, such as `Swing ♩ = 140`."""
    for measure in root.iterfind("part[1]/measure[1]"):
        for direction in measure.findall("direction"):
            mark = direction.find("direction-type/metronome")
            if mark is not None:
                measure.remove(direction)
                words = direction.findtext("direction-type/words", "")
                dot = "." if mark.find("beat-unit-dot") is not None else ""
                return f"{words}♩{dot} = {mark.findtext('per-minute')}"
    return ""


def _place_credits(root: Element, tempo: str) -> None:
    part_name = root.findtext("credit/credit-words", "")
    for credit in root.findall("credit"):
        root.remove(credit)
    texts = (
        (root.findtext("work/work-title", ""), "center", "top"),
        (root.findtext("identification/creator", ""), "right", "bottom"),
        (part_name, "left", "top"),
        (tempo, "left", "bottom"),
    )
    place = list(root).index(next(root.iter("part-list")))
    for text, justify, valign in texts:
        if text.strip():
            credit = Element("credit", page="1")
            SubElement(credit, "credit-words", justify=justify, valign=valign).text = text
            root.insert(place, credit)


def with_large_title(mei: str) -> str:
    """Return the MEI that Verovio made of a document, its title larger, as MusicXML cannot have it there."""
    return mei.replace('halign="center" valign="top"', f'halign="center" valign="top" fontsize="{_TITLE_SIZE}"', 1)


def _slash(part: Element) -> None:
    """Put a slash without a stem on each beat in place of the rests."""
    divisions, value = 1, 4
    for measure in part:
        for attributes in measure.findall("attributes"):
            divisions = int(attributes.findtext("divisions", str(divisions)))
            value = int(attributes.findtext("time/beat-type", str(value)))
        for rest in [note for note in measure.findall("note") if note.find("rest") is not None]:
            place = list(measure).index(rest)
            beat = 4 * divisions // value
            measure.remove(rest)
            for number in range(int(rest.findtext("duration", "0")) // beat):
                measure.insert(place + number, _slash_of(beat, _VALUES[value]))


def _slash_of(duration: int, value: str) -> Element:
    note = Element("note")
    pitch = SubElement(note, "pitch")
    SubElement(pitch, "step").text = "B"
    SubElement(pitch, "octave").text = "4"
    SubElement(note, "duration").text = str(duration)
    SubElement(note, "voice").text = "1"
    SubElement(note, "type").text = value
    SubElement(note, "stem").text = "none"
    SubElement(note, "notehead").text = "slash"
    return note
