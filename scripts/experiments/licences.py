"""List the licence of everything that jazzgen installs, those with duties first."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"extra *== *['\"]([\w-]+)['\"]")
# Licences that ask for more than their text to be passed on: weak copyleft, and strong.
_DUTIES = re.compile(r"MPL|Mozilla|LGPL|GPL|EPL|CDDL", re.I)
_LONGEST = 60  # characters of a licence in the table; some packages give its whole text


def installed(root: str = "jazzgen") -> Iterator[str]:
    """Yield the names of the packages that `root` and its extras install, and those they need, by name."""
    waiting, seen = [root], set[str]()
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:  # for another system, or an extra that is not installed
            continue
        if name not in seen:
            seen.add(name)
            waiting += [found[0] for need in needs if (found := _NAME.match(need)) and _is_meant(need, name == root)]
    yield from sorted(seen - {root})


def _is_meant(requirement: str, of_root: bool) -> bool:
    """Return whether a requirement is installed: extras of others are not."""
    return of_root or not _EXTRA.search(requirement)


def licence(name: str) -> str:
    """Return a package's licence as it declares it: the SPDX expression, else its classifiers, else the first line."""
    about = distribution(name).metadata
    expression, classifiers, whole = (
        about.get_all(key) or [""] for key in ("License-Expression", "Classifier", "License")
    )
    classified = [line.rpartition(" :: ")[2] for line in classifiers if line.startswith("License ::")]
    plain = whole[0].strip().splitlines()
    return expression[0] or ", ".join(classified) or (plain[0] if plain else "not declared")


def main() -> None:
    """Print the table."""
    rows = [(name, distribution(name).version, licence(name)[:_LONGEST]) for name in installed()]
    for name, version, text in sorted(rows, key=lambda row: (not _DUTIES.search(row[2]), row[0])):
        print(f"{name:<34}{version:<16}{text}")
