"""Progress bars. Bars of reading show only in a terminal: `disable=None` lets tqdm decide."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from tqdm import tqdm

from jazzgen.corpus import Progress

_Item = TypeVar("_Item")


class ProgressBar:
    """A bar with losses beside it; `quiet` shows none."""

    def __init__(self, what: str, unit: str, total: int, quiet: bool) -> None:
        self._bar = tqdm(total=total, desc=what, unit=unit, disable=quiet)

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def update(self, done: int, loss: str, held_out: str | None) -> None:
        """Move the bar to `done`."""
        figures = {"loss": loss} | ({} if held_out is None else {"held out": held_out})
        self._bar.set_postfix(figures, refresh=False)
        self._bar.update(done - self._bar.n)

    def say(self, text: str) -> None:
        """Write a line above the bar, if there is one."""
        if not self._bar.disable:
            self._bar.write(text)


def download_bar(quiet: bool = False) -> Callable[[Iterable[bytes], int | None], Iterable[bytes]]:
    """Return a wrapper that shows the bytes of a download's chunks on a bar."""

    def chunks_shown(chunks: Iterable[bytes], total: int | None) -> Iterable[bytes]:
        with tqdm(
            total=total, desc="downloading", unit="B", unit_scale=True, disable=quiet or None, leave=False
        ) as bar:
            for chunk in chunks:
                bar.update(len(chunk))
                yield chunk

    return chunks_shown


def reading_bar(quiet: bool = False) -> Progress:
    """Return a wrapper that shows files read on a bar, and removes the bar at the end."""

    def bar(results: Iterable[_Item], total: int) -> Iterable[_Item]:
        return tqdm(results, total=total, desc="reading", unit="file", disable=quiet or None, leave=False)

    return bar
