"""The contents of a file as table rows, for a look before training."""

from dataclasses import dataclass

from jazzgen.formats.reading import Pieces, Reading, Unread

# Verdicts: what a piece is good for.
SOLO, CHANGES_ONLY, NO_MUSIC, UNREAD = "solo", "changes only", "no music", "not read"


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one piece.

    Attributes:
        notes: number of notes in the melody.
        chords: number of chord changes; a chord repeated counts once.
        tempo: quarter notes per minute at the start.
        verdict: what the piece is good for.
        why: how melody and chords were found, or why the piece cannot be read.
    """

    format: str
    piece: str
    title: str
    verdict: str
    why: str
    meter: str = ""
    tempo: float = 0.0
    notes: int = 0
    bars: int = 0
    chords: int = 0
    key: str = ""
    left_out: tuple[str, ...] = ()
    licence: str = ""


def rows_of(format_name: str, pieces: Pieces) -> list[Row]:
    """Return a row for each piece of a file."""
    return [
        Row(format_name, piece.piece, "", UNREAD, piece.reason)
        if isinstance(piece, Unread)
        else _row(format_name, piece)
        for piece in pieces
    ]


def _row(format_name: str, reading: Reading) -> Row:
    score = reading.score
    notes = len(score.melody.notes) if score.parts else 0
    played = [span.chord for span in score.changes]
    changed = sum(chord is not None and chord != before for before, chord in zip([None, *played], played, strict=False))
    meters = dict.fromkeys(str(meter) for _, meter in score.meters)
    return Row(
        format=format_name,
        piece=reading.piece,
        title=score.title,
        verdict=SOLO if notes else CHANGES_ONLY if changed else NO_MUSIC,
        why="; ".join(filter(None, (*reading.warnings, reading.melody_reason, reading.chords_reason))),
        meter=" ".join(meters),
        tempo=score.bpm,
        notes=notes,
        bars=max((bar.number for bar in score.bars()), default=0),
        chords=changed,
        key=str(score.key),
        left_out=reading.left_out,
        licence=reading.provenance.licence,
    )
