"""Render scores with a synthesizer and a General MIDI soundfont, to a file or to the loudspeaker."""
