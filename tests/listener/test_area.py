"""Areas under the curve, against their definition by pairs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jazzgen.listener.area import area_by_tune

SOLOS = st.lists(st.tuples(st.integers(-3, 3), st.booleans(), st.integers(0, 4)), min_size=1, max_size=30)


def area_of(solos: list[tuple[int, bool, int]], seed: int = 0) -> tuple[float, float, float]:
    scores, people, tunes = map(np.array, zip(*solos, strict=True))
    found = area_by_tune(scores.astype(float), people, tunes, rng=np.random.default_rng(seed))
    assert found.count == len(solos)
    return found.area, found.low, found.high


@given(solos=SOLOS)
def test_the_area_is_the_share_of_pairs_in_order(solos: list[tuple[int, bool, int]]) -> None:
    pairs = [(a > b) + (a == b) / 2 for a, person, _ in solos if person for b, other, _ in solos if not other]
    found, low, high = area_of(solos)
    assert found == pytest.approx(np.mean(pairs) if pairs else np.nan, nan_ok=True)
    assert np.isnan(low) or low <= high


def test_more_tunes_make_it_surer() -> None:
    rng = np.random.default_rng(0)

    def width(tunes: int) -> float:
        solos = [(int(rng.integers(9) + person), bool(person), tune) for tune in range(tunes) for person in (0, 1)]
        _, low, high = area_of(solos)
        return high - low

    assert width(200) < width(20) / 2


def test_one_tune_cannot_say_how_sure_it_is() -> None:
    found, low, high = area_of([(1, True, 0), (0, False, 0)])
    assert (found, low, high) == (1, 1, 1)
