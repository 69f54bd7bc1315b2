/** The page's state, and what can be done with it. Components read it and call it; it alone talks to the server. */

import {
  bytes,
  enter,
  get,
  send,
  upload,
  type Drawn,
  type Made,
  type Schemas,
  type Session,
  type SessionRow,
  type Setting,
  type Take,
} from "./api";
import { order, playing } from "./form";
import { Hearing } from "./hearing.svelte";
import { soloBars } from "./music";
import { Writing } from "./writing.svelte";

const REMEMBERED = "jazzgen studio: session";
const MUSIC = [".mid", ".midi", ".musicxml", ".mxl", ".xml", ".mscz", ".abc"];
/** Kinds of files, by their suffix. */
export const FILES = {
  solo: MUSIC,
  changes: [...MUSIC, ".ls", ".html", ".cho", ".crd", ".chordpro", ".txt", ".changes"],
};
type OpenedAs = keyof typeof FILES;
/** An iReal Pro link, with the number of one of its songs before it or not. */
const LINK = /^\s*(\d+\.?\s+)?irealb(ook)?(:|%3A)(\/\/|%2F%2F)./i;

/** A file of several tunes, of which one was opened. */
export interface Several {
  file: File;
  as: OpenedAs;
  tune: number;
  tunes: string[];
}

interface Busy {
  what: string;
  stop: AbortController;
}

export class Studio {
  setting = $state.raw<Setting | null>(null);
  sessions = $state.raw<SessionRow[]>([]);
  session = $state.raw<Session | null>(null);
  error = $state("");
  /** What has been done, for those who do not see it. */
  said = $state("");
  busy = $state.raw<Busy | null>(null);
  locked = $state<Set<number>>(new Set());
  /** The takes that were made together last, to be compared. */
  batch = $state<number[]>([]);
  /** The file that was opened last, if it holds several tunes. */
  several = $state.raw<Several | null>(null);

  readonly hearing = new Hearing();
  readonly writing = new Writing((error) => (this.error = messageOf(error)));
  #drawnOf: string | null = null;
  /** Counts the sessions that were opened, so that the last one stays. */
  #opened = 0;
  #steps: Promise<void> = Promise.resolve();
  /** The changes as they were written when the first bar was locked. */
  #lockedOver = { text: "", key: "" };

  take = $derived(this.session?.takes.find((take) => take.id === this.session?.shown) ?? null);

  async start(): Promise<void> {
    await this.#try(async () => {
      await enter();
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
    const mine = ++this.#opened;
    await this.#try(async () => {
      this.stop();
      await this.writing.flush();
      const session = await get<Session>(`/api/sessions/${id}`);
      if (mine !== this.#opened) return;
      await this.writing.flush();
      [this.batch, this.locked, this.#drawnOf, this.several] = [[], new Set(), null, null];
      this.hearing.clear();
      localStorage.setItem(REMEMBERED, String(id));
      this.writing.open(session);
      await this.#enter(session);
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
      const renamed = await send<Session>("PUT", `/api/sessions/${this.session?.id}/name`, { name });
      this.sessions = await get<SessionRow[]>("/api/sessions");
      if (renamed.id === this.session?.id) this.session = { ...this.session, name: renamed.name };
    });
  }

  // Files.

  /** Opens a file; of several tunes the first, or the one with this number. */
  async openFile(file: File, as: OpenedAs, tune?: number): Promise<void> {
    const suffix = /\.[a-z]+$/i.exec(file.name)?.[0].toLowerCase() ?? "";
    if (!FILES[as].includes(suffix)) {
      this.error = `${file.name}: is none of the kinds that can be opened: ${FILES[as].join(", ")}`;
      return;
    }
    const query = `suffix=${suffix}${tune === undefined ? "" : `&tune=${tune}`}`;
    await this.#work(`Opening ${file.name}`, async (signal, session) => {
      const opened = await this.#upload(file, as, query, signal, session);
      if (session !== this.session?.id) return;
      this.several = opened.tunes.length > 1 ? { file, as, tune: opened.tune, tunes: opened.tunes } : null;
    });
  }

  async #upload(file: File, as: OpenedAs, query: string, signal: AbortSignal, session: number) {
    if (as === "solo") {
      const opened = await upload<Schemas["Opened"]>(`/api/uploads/solo?session=${session}&${query}`, file, signal);
      await this.#made(opened);
      return opened;
    }
    const written = await upload<Schemas["Written"]>(`/api/uploads/changes?${query}`, file, signal);
    if (session === this.session?.id) this.writing.write(written.text);
    return written;
  }

  /** Writes the changes of a tune from the list. */
  writeTune(text: string): void {
    if (this.several?.as === "changes") this.several = null;
    this.writing.write(text);
  }

  /** The changes were typed or pasted: a link is opened, as a file is. */
  async changesTyped(): Promise<void> {
    const { text } = this.writing.form;
    if (LINK.test(text) && !this.busy) await this.openFile(new File([text], "the link.txt"), "changes");
    else this.writing.changed();
  }

  // Takes.

  /** A new solo; where bars are locked, the shown one with all others anew. */
  async generate(count = 1): Promise<void> {
    if (this.locked.size && this.hearing.drawn) {
      await this.#aroundLocks(this.hearing.drawn, count);
      return;
    }
    await this.#work(count > 1 ? `Playing ${count} solos` : "Playing a solo", async (signal, session) => {
      const made = await send<Made>(
        "POST",
        `/api/sessions/${session}/takes`,
        order(this.writing.form, this.setting, count),
        {
          signal,
        },
      );
      if (session === this.session?.id) {
        this.hearing.clearSelection();
        this.batch = count > 1 ? made.made : [];
      }
      await this.#made(made);
    });
  }

  async #aroundLocks(drawn: Drawn, count: number): Promise<void> {
    const changed = this.writing.form.text !== this.#lockedOver.text || this.writing.form.key !== this.#lockedOver.key;
    if (count > 1) this.error = "Bars are locked: Generate plays the others anew. Unlock them for five new solos.";
    else if (changed) this.error = "Bars are locked, and the changes are others now. Unlock the bars to play those.";
    else await this.regenerate(soloBars(drawn));
  }

  /** The bars that are selected, or these, anew; those that are locked stay. */
  regenerate(bars = this.hearing.selection): Promise<void> {
    if (!bars || !this.take) return Promise.resolve();
    return this.#fromTake(`Playing bars ${bars.first} to ${bars.last} anew`, "bars", {
      ...playing(this.writing.form, this.setting),
      ...bars,
      locked: [...this.locked],
    } satisfies Schemas["BarsAsked"]);
  }

  longer(): Promise<void> {
    return this.#fromTake("Playing on", "longer", {
      ...playing(this.writing.form, this.setting),
      choruses: 1,
    } satisfies Schemas["LongerAsked"]);
  }

  transpose(semitones: number): Promise<void> {
    return this.#fromTake("Transposing", "transposed", { semitones } satisfies Schemas["TransposedAsked"]);
  }

  async alike(): Promise<void> {
    const take = this.take;
    if (!take) return;
    await this.#work("Playing more like this", async (signal, session) => {
      const body: Schemas["LikeAsked"] = { model: this.writing.form.model, count: 3 };
      const made = await send<Made>("POST", `/api/takes/${take.id}/like`, body, { signal });
      if (session === this.session?.id) this.batch = [take.id, ...made.made];
      await this.#made(made);
    });
  }

  #fromTake(what: string, path: string, body: object): Promise<void> {
    const take = this.take;
    if (!take) return Promise.resolve();
    return this.#work(what, async (signal) => {
      await this.#made(await send<Made>("POST", `/api/takes/${take.id}/${path}`, body, { signal }));
    });
  }

  async show(id: number): Promise<void> {
    await this.#step(`/api/takes/${id}/show`);
  }

  async undo(): Promise<void> {
    await this.#step(`/api/sessions/${this.session?.id}/undo`, "Undone");
  }

  async redo(): Promise<void> {
    await this.#step(`/api/sessions/${this.session?.id}/redo`, "Done again");
  }

  /** Shows another take: one step after the other, and none while something is made. */
  #step(path: string, said = ""): Promise<void> {
    if (this.busy) return Promise.resolve();
    const after = this.#steps.then(() =>
      this.#try(async () => this.#enterIfOpen(await send<Session>("POST", path), said)),
    );
    this.#steps = after;
    return after;
  }

  async rate(id: number, rating: number): Promise<void> {
    await this.#try(async () => {
      const rated = await send<Take>("PUT", `/api/takes/${id}/rating`, { rating } satisfies Schemas["RatingAsked"]);
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
    if (!(await this.#enterIfOpen(session))) return;
    const take = this.take;
    if (take) this.said = `Take ${take.id}, ${take.about.title}: ${take.what}, ${take.about.notes} notes`;
  }

  /** Shows a session as it stands now, unless another was opened meanwhile. */
  async #enterIfOpen(session: Session, said = ""): Promise<boolean> {
    if (session.id !== this.session?.id) return false;
    await this.#enter(session, said);
    return true;
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
    if (!locked.size) this.#lockedOver = { text: this.writing.form.text, key: this.writing.form.key };
    for (const bar of bars) {
      if (all) locked.delete(bar);
      else locked.add(bar);
    }
    this.locked = locked;
  }

  // What goes wrong.

  /** Does something that takes a while and can be stopped; nothing else of the kind meanwhile. */
  async #work(what: string, act: (signal: AbortSignal, session: number) => Promise<void>): Promise<void> {
    if (this.busy || !this.session) return;
    const { id } = this.session;
    const busy = { what, stop: new AbortController() };
    this.busy = busy;
    try {
      await this.#try(() => act(busy.stop.signal, id));
    } finally {
      if (this.busy === busy) this.busy = null;
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
