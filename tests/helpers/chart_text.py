"""Changes as tests like to write them."""

from jazzgen.harmony.changes import Changes, parse_chart
from jazzgen.music.timing import Meter


def parse_changes(text: str, meter: Meter = Meter()) -> Changes:
    """The chords of a text alone."""
    return parse_chart(text, meter).changes
