"""The examples in docstrings run and print what they show; entry points have one."""

import doctest
import importlib
import re
from pathlib import Path
from pkgutil import resolve_name

import pytest

PACKAGE = Path(__file__).parents[1] / "jazzgen"
PROMPT = re.compile(r"^ *>>> ", re.MULTILINE)
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if PROMPT.search(path.read_text(encoding="utf-8"))
)
ENTRY_POINTS = (
    "jazzgen.band.arrange:arrange",
    "jazzgen.band.choice:find_style",
    "jazzgen.band.rhythm:parse_rhythm",
    "jazzgen.codec.events:EventCodec",
    "jazzgen.codec.grammar:encode",
    "jazzgen.codec.grammar:parse_token",
    "jazzgen.codec.ideas:parse_idea",
    "jazzgen.codec.kinds:kinds_over",
    "jazzgen.corpus.split:tune_of",
    "jazzgen.corpus:read_corpus",
    "jazzgen.engraving.document:musicxml_bytes",
    "jazzgen.exercise.part2:sample",
    "jazzgen.exercise.part3:load_music_utils",
    "jazzgen.doctor.checks:examine",
    "jazzgen.doctor.mend:mended",
    "jazzgen.harmony.changes:parse_chart",
    "jazzgen.harmony.chords:format_chord",
    "jazzgen.harmony.chords:parse_chord",
    "jazzgen.harmony.pitch:parse_pitch",
    "jazzgen.harmony.scales:available_tensions",
    "jazzgen.harmony.line_spelling:spell_line",
    "jazzgen.harmony.tunes:parse_tune",
    "jazzgen.formats.charts:tune_of_text",
    "jazzgen.formats.midi.messages:parse_midi",
    "jazzgen.formats.midi.write:midi_bytes",
    "jazzgen.formats.midi:readings",
    "jazzgen.formats.notation.musicxml.harmony:read_harmony",
    "jazzgen.formats.reading:chosen",
    "jazzgen.formats.registry:find_files",
    "jazzgen.formats.registry:read_file",
    "jazzgen.formats.score_json:reading_to_json",
    "jazzgen.formats.streams:score_from_stream",
    "jazzgen.formats.to_streams:stream_from_score",
    "jazzgen.improvise.asked_ideas:parse_ideas",
    "jazzgen.improvise.controls:Curve.parse",
    "jazzgen.improvise.controls:Target.parse",
    "jazzgen.improvise.primer:Primer.parse",
    "jazzgen.improvise.solo:improvise",
    "jazzgen.learning.sampling:choose",
    "jazzgen.learning.soloist.bundle:load_soloist",
    "jazzgen.learning.soloist.session:Session",
    "jazzgen.metrics.figures:measure",
    "jazzgen.music.channels:channels_for",
    "jazzgen.music.infer:infer_changes",
    "jazzgen.music.melody:monophonic",
    "jazzgen.music.score:Score",
    "jazzgen.music.swing:swing",
    "jazzgen.music.timing:beats_to_ticks",
    "jazzgen.reference.gradcheck:gradient_check",
    "jazzgen.reference.lstm:lstm_cell_forward",
    "jazzgen.reference.rnn:rnn_cell_forward",
    "jazzgen.studio.view:bar_named_in",
    "jazzgen.studio.work:look_at_changes",
    "jazzgen.system.files:write_bytes",
    "jazzgen.takes.plain:to_plain",
    "jazzgen.takes.take:make_take",
)


@pytest.mark.parametrize("module", MODULES)
def test_examples_print_what_they_show(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", ENTRY_POINTS)
def test_entry_points_have_an_example(name: str) -> None:
    assert PROMPT.search(resolve_name(name).__doc__)
