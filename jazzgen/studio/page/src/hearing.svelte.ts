/** What is on the page as music: where the cursor is, which bars are chosen, how it sounds. */

import type { Drawn, Take } from "./api";
import { barAt, secondsAt, tickAt } from "./music";
import { Player, type Fader } from "./player";

export class Hearing {
  drawn = $state.raw<Drawn | null>(null);
  /** The take that is drawn. */
  take = $state<number | null>(null);
  playing = $state(false);
  /** While the synthesizer is being made. */
  opening = $state(false);
  tick = $state(0);
  /** How loud it is at this moment, 0 to 1. */
  level = $state(0);
  /** Bars that are chosen, both ends included. */
  selection = $state<{ first: number; last: number } | null>(null);
  looping = $state(false);
  /** Of what is heard and taken away; null as the take has it. */
  bpm = $state<number | null>(null);
  swing = $state<number | null>(null);
  /** By channel. */
  faders = $state<Record<number, Fader>>({});

  readonly #player = new Player();
  #bpmOfTake = 140;
  /** Counts what was asked of the player, so that a synthesizer that is late does not start what was halted. */
  #asked = 0;

  constructor() {
    this.#player.onEnd = () => this.#ended();
    const frame = () => {
      this.#follow();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** Takes what is to be heard: it goes on from where the cursor is, playing if it was. */
  load(drawn: Drawn, midi: ArrayBuffer, take: Take): void {
    const last = drawn.bars.at(-1)?.number ?? 0;
    if (this.selection && this.selection.last > last) [this.selection, this.looping] = [null, false];
    this.drawn = drawn;
    this.take = take.id;
    this.#bpmOfTake = take.about.bpm;
    this.tick = Math.min(this.tick, Math.max(drawn.end - 1, 0));
    for (const { channel } of drawn.parts) this.faders[channel] ??= { mute: false, solo: false, volume: 1 };
    this.#player.loop(this.#loopRange());
    this.#player.rate = this.speed;
    this.mix();
    this.#player.load(midi, secondsAt(drawn, this.tick));
  }

  clear(): void {
    this.halt();
    this.clearSelection();
    [this.drawn, this.take, this.tick] = [null, null, 0];
  }

  /** Tempo and swing as they are heard, for an address; nothing where they are as the take has them. */
  query(wanted: { bpm: number | null; swing: number | null } = { bpm: this.bpm, swing: this.swing }): string {
    const found = Object.entries(wanted).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
    return found.length ? `?${new URLSearchParams(found)}` : "";
  }

  /** How many times as fast as in the file it goes: a file at another tempo is the same file, played faster. */
  get speed(): number {
    return this.bpm ? this.bpm / this.#bpmOfTake : 1;
  }

  setTempo(bpm: number | null): void {
    this.bpm = bpm;
    this.#player.rate = this.speed;
  }

  mix(): void {
    const parts = this.drawn?.parts ?? [];
    this.#player.mix(new Map(parts.map(({ channel }) => [channel, { ...this.faders[channel]! }])));
  }

  async togglePlay(): Promise<void> {
    if (this.playing) {
      this.halt();
      return;
    }
    const drawn = this.drawn;
    if (!drawn || this.opening) return;
    this.opening = true;
    const mine = ++this.#asked;
    try {
      const range = this.#loopRange();
      if (range && (this.tick < range.start || this.tick >= range.end)) this.tick = range.start;
      if (this.tick >= drawn.end - 1) this.tick = 0;
      await this.#player.play(secondsAt(drawn, this.tick));
      if (mine === this.#asked) this.playing = true;
      else this.#player.pause();
    } finally {
      this.opening = false;
    }
  }

  halt(): void {
    this.#asked++;
    this.#player.pause();
    this.playing = false;
  }

  seek(tick: number): void {
    if (!this.drawn) return;
    this.tick = Math.min(Math.max(tick, 0), this.drawn.end);
    this.#player.seek(secondsAt(this.drawn, this.tick));
  }

  /** Moves the cursor by bars. */
  stepBars(by: number): void {
    const bars = this.drawn?.bars ?? [];
    const here = barAt(bars, this.tick);
    const next = here && bars[Math.min(Math.max(bars.indexOf(here) + by, 0), bars.length - 1)];
    if (next) this.seek(next.tick);
  }

  select(first: number, last = first): void {
    this.selection = { first: Math.min(first, last), last: Math.max(first, last) };
    if (this.looping) this.#player.loop(this.#loopRange());
  }

  /** Chooses a bar, or all up to it, and puts the cursor there. */
  choose(bar: number, upTo: boolean): void {
    if (upTo && this.selection) {
      this.select(this.selection.first, bar);
      return;
    }
    this.select(bar);
    const start = this.drawn?.bars.find(({ number }) => number === bar)?.tick;
    if (start !== undefined) this.seek(start);
  }

  clearSelection(): void {
    this.selection = null;
    this.loop(false);
  }

  /** Goes round in the chosen bars, or in all. */
  loop(on: boolean): void {
    this.looping = on;
    this.#player.loop(this.#loopRange());
  }

  #loopRange(): { start: number; end: number } | null {
    if (!this.looping || !this.drawn) return null;
    const { first, last } = this.selection ?? { first: -Infinity, last: Infinity };
    const bars = this.drawn.bars.filter(({ number }) => first <= number && number <= last);
    const end = bars.at(-1);
    return bars[0] && end ? { start: bars[0].tick, end: end.tick + end.ticks } : null;
  }

  #ended(): void {
    if (this.#loopRange()) return;
    this.playing = false;
    this.tick = 0;
    this.#player.seek(0);
  }

  #follow(): void {
    this.level = this.playing ? this.#player.level : 0;
    if (!this.playing || !this.drawn) return;
    this.tick = Math.min(tickAt(this.drawn, this.#player.seconds), this.drawn.end);
  }
}
