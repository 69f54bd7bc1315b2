"""What the machine has, as it says itself."""

import os
from pathlib import Path

import pytest

from jazzgen.system import machine


def test_there_is_a_core_and_memory() -> None:
    assert 1 <= machine.cores() <= (os.cpu_count() or 1)
    assert machine.memory_bytes() > 256 * 1024**2


def test_a_container_has_what_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(machine, "_CGROUPS", (tmp_path / "absent", limit))
    whole = machine.memory_bytes()
    for text, expected in (("max\n", whole), (f"{2**63 - 4096}\n", whole), ("268435456\n", 268435456)):
        limit.write_text(text)
        assert machine.memory_bytes() == expected


def test_where_the_system_does_not_say_little_is_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_sizes", lambda: iter(()))
    assert machine.memory_bytes() == 4 * 1024**3
