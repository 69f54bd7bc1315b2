"""Render scores with a synthesizer and a General MIDI soundfont, to a file or to the loudspeaker.

Doors: `sound_file.write_audio` (WAV, OGG, MP3), `loudspeaker.play_aloud`, `soundfont` (find one, install one).
`synth.render` yields blocks of samples; `font` reads the soundfont, `voice` plays one note of it.
"""
