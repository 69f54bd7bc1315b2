"""Progress bars."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path


class ProgressBar:
    """A bar with figures beside it; `quiet` shows none."""

    def __init__(self, what: str, unit: str, total: int, quiet: bool) -> None:
        from tqdm import tqdm  # noqa: PLC0415 - help stays quick

        self._bar = tqdm(total=total, desc=what, unit=unit, disable=quiet)

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def update(self, done: int, loss: str, held_out: str | None) -> None:
        """Moves the bar to `done`."""
        figures = {"loss": loss} | ({} if held_out is None else {"held out": held_out})
        self._bar.set_postfix(figures, refresh=False)
        self._bar.update(done - self._bar.n)

    def say(self, text: str) -> None:
        """Writes a line above the bar, if there is one."""
        if not self._bar.disable:
            self._bar.write(text)


def reading_bar(quiet: bool = False) -> Callable[[Sequence[Path]], Iterable[Path]]:
    """Wraps files that are read one after the other in a bar that goes when it is done."""
    from tqdm import tqdm  # noqa: PLC0415 - help stays quick

    return lambda files: tqdm(files, desc="reading", unit="file", disable=quiet, leave=False)
