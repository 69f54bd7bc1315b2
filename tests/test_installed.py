"""What is installed: licences are listed, and a bill of materials can be made."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from experiments import audit
from experiments.licences import installed, licence, main


def test_licences_are_listed_those_with_duties_first(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    rows = capsys.readouterr().out.splitlines()
    names = [row.split()[0] for row in rows]
    assert {"numpy", "mido", "click", "pebble"} <= set(names)
    duties = [any(word in row for word in ("LGPL", "MPL", "Mozilla")) for row in rows]
    assert duties == sorted(duties, reverse=True)
    assert "pebble" in names[: sum(duties)]
    assert not {"pytest", "ruff", "jazzgen"} & set(names)


def test_the_page_names_every_package_with_duties(repository: Path) -> None:
    page = (repository / "docs" / "security.md").read_text(encoding="utf-8")
    for name in installed():
        if any(word in licence(name) for word in ("LGPL", "MPL", "Mozilla")):
            assert f"`{name}`" in page, name


@pytest.mark.slow
@pytest.mark.skipif(find_spec("cyclonedx_py") is None, reason="needs cyclonedx-bom of requirements-dev.txt")
def test_a_bill_of_materials_names_what_is_installed(tmp_path: Path, repository: Path) -> None:
    out = tmp_path / "sbom.json"
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "-o", str(out), sys.executable]
    subprocess.run([*command, "--pyproject", str(repository / "pyproject.toml")], check=True, capture_output=True)
    bill = json.loads(out.read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert {"numpy", "mido"} <= {component["name"] for component in bill["components"]}


@pytest.mark.parametrize(
    ("printed", "code", "said"),
    [
        ("", 0, "skipped: pip-audit, as its data cannot be had (no network)"),
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', 0, "1 packages looked up, 0 known"),
        (
            '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}]}',
            1,
            "a 1: PYSEC-1, mended in 2",
        ),
    ],
)
def test_an_audit_is_skipped_by_name_where_there_is_no_data(
    printed: str, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = subprocess.CompletedProcess([], 0, printed, "trying\nno network\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    assert audit.main() == code
    assert said in capsys.readouterr().out
