/** The page's state, and what can be done with it. Components read it and call it; it alone talks to the server. */

import {
  bytes,
  get,
  send,
  upload,
  type Chart,
  type Drawn,
  type Made,
  type Session,
  type SessionRow,
  type Setting,
  type Take,
  type Wrong,
} from "./api";
import { formFrom, freshForm, order, playing, type Form } from "./form";
import { barAt, secondsAt, tickAt } from "./music";
import { Player, type Fader } from "./player";

const REMEMBERED = "jazzgen studio: session";
const DRAFT_DELAY = 500;
const LOOK_DELAY = 250;

interface Busy {
  what: string;
  stop: AbortController;
}

export class Studio {
  setting = $state.raw<Setting | null>(null);
  sessions = $state.raw<SessionRow[]>([]);
  session = $state.raw<Session | null>(null);
  drawn = $state.raw<Drawn | null>(null);
  chart = $state.raw<Chart | null>(null);
  form = $state<Form>(freshForm());
  /** What is wrong with the changes, and where. */
  wrong = $state.raw<Wrong | null>(null);
  error = $state("");
  /** What has been done, for those who do not see it. */
  said = $state("");
  busy = $state.raw<Busy | null>(null);
  selection = $state<{ first: number; last: number } | null>(null);
  locked = $state<Set<number>>(new Set());
  looping = $state(false);
  playing = $state(false);
  opening = $state(false);
  tick = $state(0);
  /** Of the moment, 0 to 1. */
  level = $state(0);
  /** Of playing and of what is taken away: null as the take has it. */
  bpm = $state<number | null>(null);
  swing = $state<number | null>(null);
  faders = $state<Record<number, Fader>>({});
  /** The takes that were made together last, to be compared. */
  batch = $state<number[]>([]);

  readonly player = new Player();
  #drawnOf: string | null = null;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #lookAt = 0;

  take = $derived(this.session?.takes.find((take) => take.id === this.session?.shown) ?? null);

  async start(): Promise<void> {
    this.player.onEnd = () => this.#ended();
    await this.#try(async () => {
      this.setting = await get<Setting>("/api/setting");
      this.sessions = await get<SessionRow[]>("/api/sessions");
      const remembered = Number(localStorage.getItem(REMEMBERED));
      const last = this.sessions.find(({ id }) => id === remembered) ?? this.sessions[0];
      if (last) await this.openSession(last.id);
      else await this.beginSession("My first session");
    });
    const frame = () => {
      this.#follow();
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  // Sessions.

  async openSession(id: number): Promise<void> {
    await this.#try(async () => {
      const session = await get<Session>(`/api/sessions/${id}`);
      this.form = formFrom(session.draft.form);
      this.batch = [];
      localStorage.setItem(REMEMBERED, String(id));
      await this.#enter(session);
      this.look();
    });
  }

  async beginSession(name: string): Promise<void> {
    await this.#try(async () => {
      const session = await send<Session>("POST", "/api/sessions", { name });
      this.sessions = await get<SessionRow[]>("/api/sessions");
      await this.openSession(session.id);
    });
  }

  async renameSession(name: string): Promise<void> {
    await this.#try(async () => {
      await send("PUT", `/api/sessions/${this.session?.id}/name`, { name });
      this.sessions = await get<SessionRow[]>("/api/sessions");
    });
  }

  // Changes.

  /** The form was changed: keep it, and look at the changes. */
  changed(): void {
    clearTimeout(this.#draftTimer);
    this.#draftTimer = setTimeout(() => void this.#keepDraft(), DRAFT_DELAY);
    clearTimeout(this.#lookTimer);
    this.#lookTimer = setTimeout(() => this.look(), LOOK_DELAY);
  }

  async #keepDraft(): Promise<void> {
    if (!this.session) return;
    try {
      await send("PUT", `/api/sessions/${this.session.id}/draft`, { draft: { form: this.form } });
    } catch (error) {
      this.error = messageOf(error);
    }
  }

  look(): void {
    const mine = ++this.#lookAt;
    send<{ chart: Chart | null; wrong: Wrong | null }>("POST", "/api/changes", {
      text: this.form.text,
      key: this.form.key || null,
    })
      .then(({ chart, wrong }) => {
        if (mine !== this.#lookAt) return;
        this.chart = chart ?? this.chart;
        this.wrong = wrong;
      })
      .catch((error: unknown) => {
        if (mine === this.#lookAt) this.wrong = { error: messageOf(error), bar: null, start: null, end: null };
      });
  }

  choose(name: string): void {
    const tune = this.setting?.tunes.find((one) => one.name === name);
    if (!tune) return;
    Object.assign(this.form, { text: tune.text, key: "", tempo: "", style: "" });
    this.changed();
  }

  async openFile(file: File, as: "changes" | "solo"): Promise<void> {
    const suffix = /\.[a-z]+$/i.exec(file.name)?.[0].toLowerCase() ?? "";
    await this.#work(`Opening ${file.name}`, async () => {
      if (as === "solo") {
        await this.#made(await upload<Made>(`/api/uploads/solo?session=${this.session?.id}&suffix=${suffix}`, file));
        return;
      }
      const { text } = await upload<{ text: string }>(`/api/uploads/changes?suffix=${suffix}`, file);
      Object.assign(this.form, { text, key: "", tempo: "", style: "" });
      this.changed();
    });
  }

  // Takes.

  /** A new solo; where bars are locked, the shown one with all others anew. */
  generate(count = 1): Promise<void> {
    if (count === 1 && this.locked.size && this.drawn) {
      const bars = this.drawn.bars;
      return this.regenerate({ first: bars[0]?.number ?? 1, last: bars.at(-1)?.number ?? 1 });
    }
    return this.#work(count > 1 ? `Playing ${count} solos` : "Playing a solo", async (signal) => {
      const made = await send<Made>("POST", `/api/sessions/${this.session?.id}/takes`, order(this.form, count), signal);
      [this.selection, this.looping, this.locked] = [null, false, new Set()];
      this.batch = count > 1 ? made.made : [];
      await this.#made(made);
    });
  }

  /** The bars that are selected, or these, anew; those that are locked stay. */
  regenerate(bars = this.selection): Promise<void> {
    if (!bars || !this.take) return Promise.resolve();
    return this.#fromTake(`Playing bars ${bars.first} to ${bars.last} anew`, "bars", {
      ...playing(this.form),
      ...bars,
      locked: [...this.locked],
    });
  }

  longer(): Promise<void> {
    return this.#fromTake("Playing on", "longer", { ...playing(this.form), choruses: 1 });
  }

  transpose(semitones: number): Promise<void> {
    return this.#fromTake("Transposing", "transposed", { semitones });
  }

  async alike(): Promise<void> {
    const take = this.take;
    if (!take) return;
    await this.#work("Playing more like this", async (signal) => {
      const made = await send<Made>("POST", `/api/takes/${take.id}/like`, { model: this.form.model, count: 3 }, signal);
      this.batch = [take.id, ...made.made];
      await this.#made(made);
    });
  }

  #fromTake(what: string, path: string, body: object): Promise<void> {
    const take = this.take;
    if (!take) return Promise.resolve();
    return this.#work(what, async (signal) => {
      await this.#made(await send<Made>("POST", `/api/takes/${take.id}/${path}`, body, signal));
    });
  }

  async show(id: number): Promise<void> {
    await this.#try(async () => this.#enter(await send<Session>("POST", `/api/takes/${id}/show`)));
  }

  async undo(): Promise<void> {
    await this.#try(async () =>
      this.#enter(await send<Session>("POST", `/api/sessions/${this.session?.id}/undo`), "Undone"),
    );
  }

  async redo(): Promise<void> {
    await this.#try(async () =>
      this.#enter(await send<Session>("POST", `/api/sessions/${this.session?.id}/redo`), "Done again"),
    );
  }

  async rate(id: number, rating: number): Promise<void> {
    await this.#try(async () => {
      const rated = await send<Take>("PUT", `/api/takes/${id}/rating`, { rating });
      if (this.session) {
        const takes = this.session.takes.map((take) => (take.id === id ? rated : take));
        this.session = { ...this.session, takes };
      }
    });
  }

  stop(): void {
    this.busy?.stop.abort();
  }

  async #made({ session }: Made): Promise<void> {
    await this.#enter(session);
    const take = this.take;
    if (take) this.said = `Take ${take.id}, ${take.about.title}: ${take.what}, ${take.about.notes} notes`;
  }

  /** Shows a session as it stands now. */
  async #enter(session: Session, said = ""): Promise<void> {
    this.session = session;
    await this.#draw();
    if (said) this.said = `${said}: take ${session.shown}`;
  }

  /** Loads the take that is to be shown, as it is to be heard, if it is not there already. */
  async #draw(): Promise<void> {
    const take = this.take;
    if (!take) {
      [this.drawn, this.#drawnOf, this.tick] = [null, null, 0];
      this.halt();
      return;
    }
    const query = this.heard({ bpm: null });
    const wanted = `${take.id}${query}`;
    if (this.#drawnOf === wanted) return;
    this.#drawnOf = wanted;
    const [drawn, midi] = await Promise.all([
      get<Drawn>(`/api/takes/${take.id}${query}`),
      bytes(`/api/takes/${take.id}/midi${query}`),
    ]);
    if (this.#drawnOf !== wanted) return;
    const last = drawn.bars.at(-1)?.number ?? 0;
    if (this.selection && this.selection.last > last) [this.selection, this.looping] = [null, false];
    if ([...this.locked].some((bar) => bar > last))
      this.locked = new Set([...this.locked].filter((bar) => bar <= last));
    this.drawn = drawn;
    this.tick = Math.min(this.tick, Math.max(drawn.end - 1, 0));
    for (const { channel } of drawn.parts) this.faders[channel] ??= { mute: false, solo: false, volume: 1 };
    this.player.loop(this.#loopRange());
    this.player.rate = this.speed;
    this.mix();
    this.player.load(midi, secondsAt(drawn, this.tick));
  }

  // Hearing.

  /** Tempo and swing as they are heard, for the address of what is taken away. */
  heard(change: { bpm?: number | null } = {}): string {
    const wanted = { bpm: this.bpm, swing: this.swing, ...change };
    const query = new URLSearchParams(
      Object.entries(wanted).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
    );
    return query.size ? `?${query}` : "";
  }

  get speed(): number {
    return this.bpm && this.take ? this.bpm / this.take.about.bpm : 1;
  }

  setTempo(bpm: number | null): void {
    this.bpm = bpm;
    this.player.rate = this.speed;
  }

  setSwing(swing: number | null): void {
    this.swing = swing;
    void this.#try(() => this.#draw());
  }

  mix(): void {
    this.player.mix(new Map(Object.entries(this.faders).map(([channel, fader]) => [Number(channel), { ...fader }])));
  }

  async togglePlay(): Promise<void> {
    if (this.playing) {
      this.halt();
      return;
    }
    const drawn = this.drawn;
    if (!drawn || this.opening || !this.setting?.sound.there) return;
    this.opening = true;
    try {
      const range = this.#loopRange();
      if (range && (this.tick < range.start || this.tick >= range.end)) this.tick = range.start;
      if (this.tick >= drawn.end - 1) this.tick = 0;
      await this.player.play(secondsAt(drawn, this.tick));
      this.playing = true;
    } catch (error) {
      this.error = `No sound: ${messageOf(error)}`;
    } finally {
      this.opening = false;
    }
  }

  halt(): void {
    this.player.pause();
    this.playing = false;
  }

  #ended(): void {
    if (this.#loopRange()) return;
    this.playing = false;
    this.tick = 0;
    this.player.seek(0);
  }

  seek(tick: number): void {
    if (!this.drawn) return;
    this.tick = Math.min(Math.max(tick, 0), this.drawn.end);
    this.player.seek(secondsAt(this.drawn, this.tick));
  }

  /** Moves the cursor by bars. */
  stepBars(by: number): void {
    const bars = this.drawn?.bars;
    if (!bars?.length) return;
    const here = bars.indexOf(barAt(bars, this.tick) ?? bars[0]!);
    const next = bars[Math.min(Math.max(here + by, 0), bars.length - 1)]!;
    this.seek(next.tick);
  }

  select(first: number, last = first): void {
    this.selection = { first: Math.min(first, last), last: Math.max(first, last) };
    if (this.looping) this.player.loop(this.#loopRange());
  }

  clearSelection(): void {
    this.selection = null;
    this.loop(false);
  }

  loop(on: boolean): void {
    this.looping = on;
    this.player.loop(this.#loopRange());
  }

  /** Locks the selected bars, or unlocks them if all are. */
  toggleLock(): void {
    if (!this.selection) return;
    const bars = range(this.selection.first, this.selection.last);
    const locked = new Set(this.locked);
    const all = bars.every((bar) => locked.has(bar));
    for (const bar of bars) all ? locked.delete(bar) : locked.add(bar);
    this.locked = locked;
  }

  #loopRange(): { start: number; end: number } | null {
    if (!this.looping || !this.drawn) return null;
    const { first, last } = this.selection ?? { first: -Infinity, last: Infinity };
    const bars = this.drawn.bars.filter(({ number }) => first <= number && number <= last);
    const end = bars.at(-1);
    return bars[0] && end ? { start: bars[0].tick, end: end.tick + end.ticks } : null;
  }

  #follow(): void {
    this.level = this.playing ? this.player.level : 0;
    if (!this.playing || !this.drawn) return;
    this.tick = Math.min(tickAt(this.drawn, this.player.seconds), this.drawn.end);
  }

  // What goes wrong.

  /** Does something that takes a while and can be stopped; nothing else of the kind meanwhile. */
  async #work(what: string, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.busy) return;
    const stop = new AbortController();
    this.busy = { what, stop };
    try {
      await this.#try(() => act(stop.signal));
    } finally {
      this.busy = null;
    }
  }

  async #try(act: () => Promise<unknown>): Promise<void> {
    this.error = "";
    try {
      await act();
    } catch (error) {
      this.error = error instanceof DOMException && error.name === "AbortError" ? "" : messageOf(error);
      if (!this.error) this.said = "Stopped";
    }
  }
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
