"""What every training's report says of its corpus."""

from collections.abc import Iterable
from pathlib import PurePath


def without_folders(reasons: Iterable[str]) -> list[str]:
    """Return why files were skipped, each file by its name alone, as reports are shared.

    >>> without_folders(["/home/ann/solos/wjazzd.db (A_B): it has no melody", "loudness: not measured"])
    ['wjazzd.db (A_B): it has no melody', 'loudness: not measured']
    """
    parts = (reason.partition(": ") for reason in reasons)
    return [f"{PurePath(name).name}{colon}{why}" for name, colon, why in parts]
