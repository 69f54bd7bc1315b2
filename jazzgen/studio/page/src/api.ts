/** What the server is asked and what it answers; /docs has it in full. */

export interface About {
  title: string;
  key: string;
  meter: string;
  bpm: number;
  bars: number;
  choruses: number;
  notes: number;
  seconds: number;
  swing: number;
  style: string;
  model: string;
  seed: number | null;
}

export interface Take {
  id: number;
  session: number;
  parent: number | null;
  created: string;
  what: string;
  rating: number;
  about: About;
}

export interface Session {
  id: number;
  name: string;
  created: string;
  draft: Record<string, unknown>;
  shown: number | null;
  can_undo: boolean;
  can_redo: boolean;
  takes: Take[];
}

export interface SessionRow {
  id: number;
  name: string;
  created: string;
  takes: number;
}

export interface Made {
  made: number[];
  session: Session;
}

/** Onset and duration in ticks, MIDI pitch, velocity. */
export type Note = [number, number, number, number];

export interface Part {
  name: string;
  channel: number;
  program: number;
  volume: number;
  drums: boolean;
  notes: Note[];
}

export interface Bar {
  number: number;
  tick: number;
  ticks: number;
  beat_ticks: number;
}

/** A take as it is played, times in ticks. */
export interface Drawn {
  ticks_per_beat: number;
  end: number;
  tempos: { tick: number; bpm: number }[];
  bars: Bar[];
  chords: { tick: number; ticks: number; symbol: string }[];
  sections: { tick: number; ticks: number; kind: string; label: string }[];
  parts: Part[];
  kinds: string;
}

export interface Chart {
  title: string;
  key: string;
  minor: boolean;
  bpm: number;
  meter: string;
  style: string;
  straight: boolean;
  bars: { number: number; section: string; beats: number; chords: { symbol: string; beat: number }[] }[];
}

/** What is wrong with changes, and from where to where in the text. */
export interface Wrong {
  error: string;
  bar: number | null;
  start: number | null;
  end: number | null;
}

export interface Tune {
  name: string;
  title: string;
  key: string;
  meter: string;
  bars: number;
  bpm: number;
  text: string;
}

export interface Setting {
  version: string;
  models: { name: string; kind: "soloist" | "grammar"; performers: string[]; schools: string[] }[];
  styles: { name: string; title: string; feel: string; band: string[] }[];
  players: string[];
  band: string[];
  tunes: Tune[];
  limits: { choruses: number; tempos: [number, number] };
  sound: { there: boolean; notice: string };
}

/** What the server refuses, in one line; `bar` where it is about one of the changes. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly bar: number | null,
  ) {
    super(message);
  }
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let reply: Response;
  try {
    reply = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused("The studio does not answer: start it again with 'jazzgen studio'.", null);
  }
  if (reply.ok) return reply;
  const said = (await reply.json().catch(() => ({}))) as { error?: string; bar?: number | null };
  throw new Refused(said.error ?? `the studio answered ${reply.status}`, said.bar ?? null);
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, { signal })).json()) as T;
}

export async function send<T>(
  method: "POST" | "PUT",
  path: string,
  body: unknown = {},
  { signal, keepalive }: { signal?: AbortSignal; keepalive?: boolean } = {},
): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const reply = await ask(path, { method, headers, body: JSON.stringify(body), signal, keepalive });
  return (reply.status === 204 ? undefined : await reply.json()) as T;
}

export async function upload<T>(path: string, file: File, signal: AbortSignal): Promise<T> {
  const headers = { "Content-Type": "application/octet-stream" };
  return (await (await ask(path, { method: "POST", headers, body: file, signal })).json()) as T;
}

export async function bytes(path: string): Promise<ArrayBuffer> {
  return (await ask(path)).arrayBuffer();
}
