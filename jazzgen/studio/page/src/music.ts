/** Where things are in time, and what they are called. */

import type { Bar, Drawn, Note } from "./api";

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

const MAJOR = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];
const MINOR = ["Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm"];

/** The keys of a mode, spelled as they are written; of both while the mode is not known. */
export function keys(minor: boolean | undefined): string[] {
  return minor === undefined ? [...MAJOR, ...MINOR] : minor ? MINOR : MAJOR;
}

/** The lowest and the highest pitch of notes and of `around`. */
export function span(notes: Iterable<Note>, around: [number, number]): [number, number] {
  let [low, high] = around;
  for (const [, , pitch] of notes) [low, high] = [Math.min(low, pitch), Math.max(high, pitch)];
  return [low, high];
}

/** The bars that a soloist plays in: those of the choruses and of a tag, not of an intro or a last chord. */
export function soloBars({ bars, sections }: Drawn): { first: number; last: number } | null {
  const start = sections.find(({ kind }) => kind === "chorus")?.tick ?? 0;
  const end = sections.find(({ label }) => label === "Ending")?.tick ?? Infinity;
  const found = bars.filter(({ tick }) => start <= tick && tick < end);
  const [first, last] = [found[0], found.at(-1)];
  return first && last ? { first: first.number, last: last.number } : null;
}

/** The section that starts at a tick, empty if none does. */
export function sectionAt({ sections }: Drawn, at: number): string {
  return sections.find(({ kind, tick }) => kind === "section" && tick === at)?.label ?? "";
}
