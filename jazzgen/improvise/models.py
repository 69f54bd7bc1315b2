"""Load a model of either kind, as its folder says."""

from pathlib import Path

from jazzgen.learning.folder import read_about
from jazzgen.learning.grammar.bundle import Bundle, load_bundle
from jazzgen.learning.soloist.bundle import KIND, Soloist, load_soloist

Model = Bundle | Soloist


def load_model(folder: Path) -> Model:
    """Read and check a grammar model or a soloist, as the folder's config.json says.

    Raises:
        BundleError: when it is missing, incomplete, damaged, of another kind or from another version.
    """
    is_soloist = folder.is_dir() and read_about(folder).get("kind") == KIND
    return load_soloist(folder) if is_soloist else load_bundle(folder)
