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
import { Hearing } from "./hearing.svelte";

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
  chart = $state.raw<Chart | null>(null);
  form = $state<Form>(freshForm());
  /** What is wrong with the changes, and where. */
  wrong = $state.raw<Wrong | null>(null);
  error = $state("");
  /** What has been done, for those who do not see it. */
  said = $state("");
  busy = $state.raw<Busy | null>(null);
  locked = $state<Set<number>>(new Set());
  /** The takes that were made together last, to be compared. */
  batch = $state<number[]>([]);

  readonly hearing = new Hearing();
  #drawnOf: string | null = null;
  #draftTimer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setTimeout> | undefined;
  #lookAt = 0;

  take = $derived(this.session?.takes.find((take) => take.id === this.session?.shown) ?? null);

  async start(): Promise<void> {
    await this.#try(async () => {
      this.setting = await get<Setting>("/api/setting");
      this.sessions = await get<SessionRow[]>("/api/sessions");
      const remembered = Number(localStorage.getItem(REMEMBERED));
      const last = this.sessions.find(({ id }) => id === remembered) ?? this.sessions[0];
      if (last) await this.openSession(last.id);
      else await this.beginSession("My first session");
    });
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
    const bars = this.hearing.drawn?.bars;
    if (count === 1 && this.locked.size && bars) {
      return this.regenerate({ first: bars[0]?.number ?? 1, last: bars.at(-1)?.number ?? 1 });
    }
    return this.#work(count > 1 ? `Playing ${count} solos` : "Playing a solo", async (signal) => {
      const made = await send<Made>("POST", `/api/sessions/${this.session?.id}/takes`, order(this.form, count), signal);
      this.hearing.clearSelection();
      this.locked = new Set();
      this.batch = count > 1 ? made.made : [];
      await this.#made(made);
    });
  }

  /** The bars that are selected, or these, anew; those that are locked stay. */
  regenerate(bars = this.hearing.selection): Promise<void> {
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
      this.#drawnOf = null;
      this.hearing.clear();
      return;
    }
    const query = this.hearing.query({ bpm: null, swing: this.hearing.swing });
    const wanted = `${take.id}${query}`;
    if (this.#drawnOf === wanted) return;
    this.#drawnOf = wanted;
    try {
      const [drawn, midi] = await Promise.all([
        get<Drawn>(`/api/takes/${take.id}${query}`),
        bytes(`/api/takes/${take.id}/midi${query}`),
      ]);
      if (this.#drawnOf !== wanted) return;
      this.locked = new Set([...this.locked].filter((bar) => bar <= (drawn.bars.at(-1)?.number ?? 0)));
      this.hearing.load(drawn, midi, take);
    } catch (error) {
      if (this.#drawnOf === wanted) this.#drawnOf = null;
      throw error;
    }
  }

  // Hearing.

  async togglePlay(): Promise<void> {
    if (!this.setting?.sound.there) return;
    try {
      await this.hearing.togglePlay();
    } catch (error) {
      this.error = `No sound: ${messageOf(error)}`;
    }
  }

  setSwing(swing: number | null): void {
    this.hearing.swing = swing;
    void this.#try(() => this.#draw());
  }

  /** Locks the selected bars, or unlocks them if all are. */
  toggleLock(): void {
    const chosen = this.hearing.selection;
    if (!chosen) return;
    const bars = range(chosen.first, chosen.last);
    const locked = new Set(this.locked);
    const all = bars.every((bar) => locked.has(bar));
    for (const bar of bars) {
      if (all) locked.delete(bar);
      else locked.add(bar);
    }
    this.locked = locked;
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
