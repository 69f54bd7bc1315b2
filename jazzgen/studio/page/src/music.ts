/** Where things are in time, and what they are called. */

import type { Bar, Drawn } from "./api";

/** How a note of the solo stands to the chord, as the grammar has it (docs/grammar.md). */
export const KINDS: Record<string, { label: string; name: string }> = {
  C: { label: "chord tone", name: "chord" },
  S: { label: "scale tone", name: "scale" },
  A: { label: "approach", name: "approach" },
  X: { label: "outside", name: "outside" },
  "-": { label: "no chord", name: "none" },
};

const NAMES = ["C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B"];

export function pitchName(pitch: number): string {
  return `${NAMES[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
}

/** Seconds from the start, by the tempo in the file. */
export function secondsAt(drawn: Drawn, tick: number): number {
  let seconds = 0;
  drawn.tempos.forEach(({ tick: start, bpm }, index) => {
    const end = Math.min(drawn.tempos[index + 1]?.tick ?? Infinity, tick);
    if (end > start) seconds += (((end - start) / drawn.ticks_per_beat) * 60) / bpm;
  });
  return seconds;
}

/** Inverse of `secondsAt`. */
export function tickAt(drawn: Drawn, seconds: number): number {
  let left = seconds;
  for (const [index, { tick, bpm }] of drawn.tempos.entries()) {
    const next = drawn.tempos[index + 1]?.tick ?? Infinity;
    const ticks = (left * bpm * drawn.ticks_per_beat) / 60;
    if (tick + ticks < next) return tick + ticks;
    left -= (((next - tick) / drawn.ticks_per_beat) * 60) / bpm;
  }
  return drawn.end;
}

/** The bar that a tick is in. */
export function barAt(bars: readonly Bar[], tick: number): Bar | undefined {
  return bars.findLast((bar) => bar.tick <= tick) ?? bars[0];
}

export function clock(seconds: number): string {
  const whole = Math.max(Math.floor(seconds), 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** 12 keys of a mode, spelled as they are written. */
export function keys(minor: boolean): string[] {
  const major = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];
  const minors = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"];
  return minor ? minors.map((key) => `${key}m`) : major;
}
