"""What every training takes from a corpus beside its music: names, and what the report says of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

from jazzgen.corpus import Corpus


def about_corpus(corpus: Corpus, train: Iterable[str], validation: Iterable[str]) -> dict[str, Any]:
    """Return where the music comes from, and the titles on either side of a split, as every report has them."""
    return {
        "sources": list(dict.fromkeys(str(r.provenance) for _, r in corpus.readings if str(r.provenance))),
        "train_tunes": sorted(set(train)),
        "validation_tunes": sorted(set(validation)),
    }


def common_names(names: Sequence[str], most: int, fewest: int) -> tuple[str, ...]:
    """Return the names that occur `fewest` times or more, sorted; the most frequent, if there are too many.

    >>> common_names(["Ann", "Bob", "Ann", "", ""], most=5, fewest=2)
    ('Ann',)
    """
    common = [name for name, count in Counter(filter(None, names)).most_common(most) if count >= fewest]
    return tuple(sorted(common))


def without_folders(reasons: Iterable[str]) -> list[str]:
    """Return why files were skipped, each file by its name alone, as reports are shared.

    >>> without_folders(["/home/ann/solos/wjazzd.db (A_B): it has no melody", "loudness: not measured"])
    ['wjazzd.db (A_B): it has no melody', 'loudness: not measured']
    """
    parts = (reason.partition(": ") for reason in reasons)
    return [f"{PurePath(name).name}{colon}{why}" for name, colon, why in parts]
