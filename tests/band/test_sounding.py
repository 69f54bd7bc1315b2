"""The changes as a rhythm section reads them."""

from helpers.chart_text import parse_changes

from jazzgen.band.sounding import sounding_at, soundings


def test_a_chord_that_is_written_again_goes_on_and_silence_is_told_ahead() -> None:
    found = soundings(parse_changes("Dm7 | % | G7 | N.C. | Cmaj7 A7"))
    assert [(str(s.chord), s.onset // 1920, s.end / 1920) for s in found] == [
        *(("Dm7", 0, 2), ("G7", 2, 3)),
        *(("Cmaj7", 4, 4.5), ("A7", 4, 5)),
    ]
    assert [str(s.after) for s in found] == ["G7", "None", "A7", "None"]
    assert [s.silence // 1920 for s in found] == [3, 3, 5, 5]


def test_what_sounds_at_a_tick_is_found_and_nothing_in_silence() -> None:
    found = soundings(parse_changes("Dm7 | N.C. | G7"))
    at = [sounding_at(found, tick) for tick in (0, 1919, 1920, 3840, 5759, 5760)]
    assert [chord and str(chord.chord) for chord in at] == ["Dm7", "Dm7", None, "G7", "G7", None]
