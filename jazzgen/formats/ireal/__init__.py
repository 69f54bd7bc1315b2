"""Read iReal Pro charts: `irealb://` and `irealbook://` links in a text, a text file or an exported web page.

    irealb     = title=composer==style=key=transposition=MUSIC=groove=bpm=choruses    songs joined by "==="
    irealbook  = title=composer=style=key=n=music                                     songs joined by "="
    a playlist ends with its name; the whole link is percent-encoded

MUSIC is `1r34LbKcu7` and then the chart, with some signs abbreviated and its characters reordered (`unscramble`).
`ireal.chart` reads the chart, `ireal.form` finds the order of playing. A chart has chords and no melody.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path
from urllib.parse import unquote

from jazzgen.errors import ChordError, CorpusError, JazzgenError
from jazzgen.formats.ireal.cells import lay_out
from jazzgen.formats.ireal.chart import Chart, read_chart
from jazzgen.formats.ireal.form import unfold
from jazzgen.formats.reading import Provenance, Reading, ReadOptions, Unread, read_bytes
from jazzgen.harmony.changes import ChordSpan
from jazzgen.harmony.keyfinding import guess_key
from jazzgen.harmony.pitch import Key
from jazzgen.music.score import Credits, Feel, Mark, Score
from jazzgen.music.timing import MAX_BPM, MIN_BPM, Meter

PROVENANCE = Provenance(source="iReal Pro chart")
MAX_BYTES = 8 * 1024 * 1024  # set by hand
MUSIC_PREFIX = "1r34LbKcu7"
ABBREVIATIONS = {"Kcl": "| x", "LZ": " |", "XyQ": "   "}
BLOCK = 50  # characters are only reordered within blocks of this size, as the app writes them
# Places in a block whose characters are swapped with those as far from its end.
_SWAPPED = (*range(5), *range(10, 24))
_BOOK_FIELDS = 6

_LINK = re.compile(r"irealb(?P<book>ook)?(?::|%3A)(?://|%2F%2F)", re.I)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ARTICLE = re.compile(r"(.*), (A|An|The)")

# Words in a groove or style, its feel, and a tempo (beats a minute, set by hand) for links without one. The first match
# is taken.
_STYLES: Mapping[str, tuple[Feel, float]] = {
    "ballad even": ("straight", 65),
    "even": ("straight", 130),
    "bossa": ("straight", 130),
    "samba": ("straight", 190),
    "latin|cuba|brazil|argentina|afro|bolero|salsa|cha cha|son|mambo|tango|montuno": ("straight", 130),
    "pop|rock|rnb|soul|disco|house|glam|reggae|country|bluegrass|funk|folk|smooth": ("straight", 110),
    "up tempo": ("swing", 240),
    "medium up": ("swing", 180),
    "slow": ("swing", 75),
    "ballad": ("swing", 65),
    "waltz": ("swing", 150),
    "": ("swing", 130),
}


@dataclass(frozen=True, slots=True)
class _Song:
    """A song's fields as in the link, except that `music` is unscrambled."""

    title: str
    composer: str
    style: str
    key: str
    music: str
    transposition: str = ""
    groove: str = ""
    bpm: str = ""


def readings(path: Path, options: ReadOptions = ReadOptions()) -> Iterator[Reading | Unread]:
    """Yield every song of every link in a file.

    Raises:
        CorpusError: when it holds no link.
    """
    content = read_bytes(path, MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # links are ASCII, the text around them need not be
    yield from parse_links(text, options)


def parse_links(text: str, options: ReadOptions = ReadOptions()) -> Iterator[Reading | Unread]:
    """Yield every song of every link in a text, as an `Unread` if it cannot be read and there are others.

    Raises:
        CorpusError: when there is no song in any link; a JazzgenError when the only one cannot be read.

    Example:
        >>> song, = parse_links("irealbook://Riff=Doe Jane=Swing=C=n=[T44D-7 G7|C^7 Z")
        >>> song.score.title, song.score.credits.composer, [str(span.chord) for span in song.score.changes]
        ('Riff', 'Jane Doe', ['Dm7', 'G7', 'Cmaj7'])
    """
    songs = (song for is_book, link in _links(text) for song in (_book_songs(link) if is_book else _songs(link)))
    first_two = list(islice(songs, 2))
    if not first_two:
        raise CorpusError("holds no song in an irealb:// or irealbook:// link; export the chart from iReal Pro again")
    for song in chain(first_two, songs):
        piece = _title(song.title) if len(first_two) > 1 else ""
        try:
            yield _reading(song, piece, options)
        except JazzgenError as error:
            if not piece:
                raise
            yield Unread(piece, str(error))


def unscramble(music: str) -> str:
    """Put the characters of a chart back in order; its own inverse. The last block stays as it is."""
    blocks = [music[start : start + BLOCK] for start in range(0, len(music), BLOCK)]
    scrambled = (len(music) - 2) // BLOCK  # the app leaves a last block of 50 or 51 characters in order
    return "".join(_swap(block) if place < scrambled else block for place, block in enumerate(blocks))


def _swap(block: str) -> str:
    letters = list(block)
    for place in _SWAPPED:
        letters[place], letters[-1 - place] = letters[-1 - place], letters[place]
    return "".join(letters)


def _links(text: str) -> Iterator[tuple[bool, str]]:
    """Yield (is it irealbook, content) of each link; it ends at its quotation mark, the next link or the line's end."""
    for match, following in pairwise([*_LINK.finditer(text), None]):
        assert match is not None
        stop = following.start() if following else len(text)
        quote = text[match.start() - 1 : match.start()]
        content = text[match.end() : stop].partition(quote if quote in ("'", '"') else "\n")[0].strip()
        if quote in ("'", '"'):
            content = html.unescape(content)
        elif _ESCAPE.search(content.split(" ")[0]):
            content = content.split(" ")[0]
        yield bool(match["book"]), unquote(content)


def _songs(link: str) -> Iterator[_Song]:
    """Split an irealb link into songs; `===` between two songs makes two empty fields."""
    fields = link.split("=")
    start = 0
    for place, field in enumerate(fields):
        if field.startswith(MUSIC_PREFIX):
            after = range(place + 2, min(place + 5, len(fields) - 1))
            end = next((i for i in after if not (fields[i] or fields[i + 1])), place + 4)
            yield _song(fields[start:place], field, fields[place + 1 : end])
            start = end + 2


def _song(before: list[str], music: str, after: list[str]) -> _Song:
    """Make a song of its fields; old links lack the empty field after the composer and all fields after the music."""
    title, composer, *more = [*before, "", ""][: max(len(before), 2)]
    style, key, transposition = [*(more if more[:1] != [""] else more[1:]), "", "", ""][:3]
    groove, bpm = [*after, "", ""][:2]
    plain = unscramble(music.removeprefix(MUSIC_PREFIX))
    for short, sign in ABBREVIATIONS.items():
        plain = plain.replace(short, sign)
    return _Song(title, composer, style, key, plain, transposition, groove, bpm)


def _book_songs(link: str) -> Iterator[_Song]:
    fields = link.split("=")
    for start in range(0, len(fields) - _BOOK_FIELDS + 1, _BOOK_FIELDS):
        title, composer, style, key, _, music = fields[start : start + _BOOK_FIELDS]
        yield _Song(title, composer, style, key, music)


def _reading(song: _Song, piece: str, options: ReadOptions) -> Reading:
    chart = read_chart(song.music)
    if not chart.bars:
        raise CorpusError("the chart holds no chords; write bars such as [C^7   |A-7   |D-7   |G7   ]")
    form = unfold(chart.bars)
    as_written = options.as_written and not options.bars
    order = tuple(range(len(chart.bars))) if as_written else form.order
    score = _score(song, chart, order)
    played = f", {len(chart.bars)} bars played as {len(order)}" if len(order) != len(chart.bars) else ""
    return Reading(
        score.excerpt(*options.bars) if options.bars else score,
        "melody: none, a chart holds chords alone",
        f"chords: as written in the chart{played}",
        piece,
        PROVENANCE,
        (*chart.left_out, *form.left_out, *_unused_fields(song)),
        signs=form.signs if as_written else (),
    )


def _score(song: _Song, chart: Chart, order: tuple[int, ...]) -> Score:
    changes: list[ChordSpan] = []
    meters: list[tuple[int, Meter]] = []
    onset = 0
    for place in order:
        bar = chart.bars[place]
        if not meters or meters[-1][1] != bar.meter:
            meters.append((onset, bar.meter))
        for ticks, chord in lay_out(bar.slots, bar.meter):
            changes.append(ChordSpan(onset, ticks, chord))
            onset += ticks
    feel, usual_bpm = _manner(song)
    return Score(
        title=_title(song.title),
        tempos=((0, _bpm(song) or usual_bpm),),
        meters=tuple(meters),
        key=_key(song) or guess_key(tuple(changes)),
        changes=tuple(changes),
        feel=feel,
        marks=tuple(_sections(chart, order)),
        credits=Credits(composer=_composer(song.composer), style=_line(song.style), rhythm_feel=_groove(song)),
    )


def _sections(chart: Chart, order: tuple[int, ...]) -> Iterator[Mark]:
    """Yield section marks; one starts at each mark, at the coda and where a jump leads into another section."""
    coda = max((place for place, bar in enumerate(chart.bars) if bar.coda), default=0)
    own = [bar.section or ("Coda" if place == coda > 0 else "") for place, bar in enumerate(chart.bars)]
    label = ""
    labels = [label := name or label for name in own]
    starts: list[tuple[int, str]] = []
    onset = 0
    label = ""
    for place in order:
        if labels[place] and (own[place] or labels[place] != label):
            label = labels[place]
            starts.append((onset, label))
        onset += chart.bars[place].meter.bar_ticks
    for (start, name), (end, _) in pairwise([*starts, (onset, "")]):
        yield Mark(start, end - start, "section", name)


def _line(text: str) -> str:
    """Return the text on one line, without extra spaces."""
    return " ".join(text.split())


def _title(title: str) -> str:
    """Return the title with its article in front: `Long Way, The` is The Long Way."""
    plain = _line(title)
    article = _ARTICLE.fullmatch(plain)
    return f"{article[2]} {article[1]}" if article else plain or "Untitled"


def _composer(name: str) -> str:
    """Return the composer's name in order: of two names the link has the last one first."""
    names = name.split()
    return " ".join(names[::-1] if len(names) == 2 else names)


def _key(song: _Song) -> Key | None:
    """Return the song's key; None if no key signature can hold it."""
    try:
        return Key.parse(song.key)
    except ChordError:
        return None


def _groove(song: _Song) -> str:
    """Return the name of the playback groove; empty if it is the style in the heading, written as 0."""
    groove = _line(song.groove)
    return "" if groove == "0" else groove


def _manner(song: _Song) -> tuple[Feel, float]:
    words = (_groove(song) or song.style).lower()
    return next(manner for pattern, manner in _STYLES.items() if re.search(pattern, words))


def _bpm(song: _Song) -> float | None:
    bpm = int(song.bpm) if re.fullmatch(r"\d{1,4}", song.bpm.strip(), re.ASCII) else 0
    return float(bpm) if MIN_BPM <= bpm <= MAX_BPM else None


def _unused_fields(song: _Song) -> Iterator[str]:
    if song.transposition.strip() not in ("", "0", "n"):
        yield f"a transposition ({_line(song.transposition)[:10]}): chords are in the song's own key"
    if _key(song) is None:
        yield f"the key '{_line(song.key)[:10]}', which has no signature: it is guessed from the chords"
    if _bpm(song) is None:
        yield "a tempo: the link has none, the style's usual one is taken"
