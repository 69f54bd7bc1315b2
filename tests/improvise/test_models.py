"""A folder's config says what is in it."""

from pathlib import Path

import pytest
from helpers.small_model import save_small_model
from helpers.small_soloist import save_small_soloist

from jazzgen.errors import BundleError
from jazzgen.improvise.models import load_model
from jazzgen.learning.grammar.bundle import Bundle
from jazzgen.learning.soloist.bundle import Soloist


def test_a_folder_says_which_kind_of_model_it_holds(tmp_path: Path) -> None:
    save_small_model(tmp_path / "grammar")
    save_small_soloist(tmp_path / "soloist")
    assert isinstance(load_model(tmp_path / "grammar"), Bundle)
    assert isinstance(load_model(tmp_path / "soloist"), Soloist)
    with pytest.raises(BundleError, match="no such model"):
        load_model(tmp_path / "none")
    (tmp_path / "soloist" / "config.json").write_text("[]")
    with pytest.raises(BundleError, match="is not a jazzgen grammar model"):
        load_model(tmp_path / "soloist")
