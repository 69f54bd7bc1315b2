"""The exceptions that jazzgen raises for mistakes a user can mend.

Every message is one line that names what is wrong (file, bar, value) and the cure. The command line
prints it and exits with 1; anything that is not a `JazzgenError` is a bug.
"""


class JazzgenError(Exception):
    """Root of the tree: one line, meant for the user."""

    def __str__(self) -> str:
        text = super().__str__()  # it may quote what the user wrote, line breaks included
        return text if len(text.splitlines()) <= 1 else " ".join(text.split())


class ScoreError(JazzgenError):
    """A note, chord, part or score breaks one of its own rules."""


class ChordError(JazzgenError):
    """A chord symbol, key or line of changes does not parse."""


class CorpusError(JazzgenError):
    """A file cannot be read as music, or a corpus holds nothing to learn from."""


class ChoiceError(CorpusError):
    """A file or a link holds several pieces, and which is meant was not said."""


class GrammarError(JazzgenError):
    """A grammar token does not parse, or cannot be decoded."""


class BundleError(JazzgenError):
    """A model folder is missing, damaged or from another version."""


class TrainingError(JazzgenError):
    """Training cannot go on."""


class OptionError(JazzgenError):
    """An option's value is out of range."""


class DownloadError(JazzgenError):
    """A download failed, or is not what it should be."""


class ExtraError(JazzgenError):
    """A library that only some of jazzgen needs is not installed."""


class SoundError(JazzgenError):
    """There is no sound: no soundfont, no synthesizer or no device."""


class SessionError(JazzgenError):
    """The studio's session file cannot be used, or holds no more."""


class MissingError(SessionError):
    """There is no session or take of that number."""


class BusyError(JazzgenError):
    """The studio has too much to do, or something took too long."""


class OutputError(JazzgenError):
    """An output file cannot be written."""


class ArrayError(JazzgenError):
    """An array given to the NumPy reference is missing, or holds what is not a finite number."""


class ShapeError(ArrayError):
    """An array given to the NumPy reference has another shape than the others call for."""


class CheckError(JazzgenError):
    """The graphs, the NumPy engine and the reference do not agree on a model."""
