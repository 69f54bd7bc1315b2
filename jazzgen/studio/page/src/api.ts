/** What the server is asked and what it answers; /docs has it in full, and `schema.ts` is made from it. */

import { hasToken, keep, proof } from "./key.svelte";
import type { components } from "./schema";

export type Schemas = components["schemas"];
export type Take = Schemas["KeptTake"];
export type Session = Schemas["Session"];
export type SessionRow = Schemas["SessionRow"];
export type Made = Schemas["Made"];
export type Drawn = Schemas["Drawn"];
export type Bar = Schemas["DrawnBar"];
/** Onset and duration in ticks, MIDI pitch, velocity. */
export type Note = Schemas["DrawnPart"]["notes"][number];
export type Chart = Schemas["Chart"];
export type Looked = Schemas["Looked"];
/** What is wrong with changes, and from where to where in the text. */
export type Wrong = Schemas["Wrong"];
export type Setting = Schemas["Setting"];
export type Control = Schemas["Control"];

/** What the server refuses, in one line; `bar` where it is about one of the changes. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly bar: number | null,
  ) {
    super(message);
  }
}

const CODES = "/api/token";
/** Done once the code in the address is exchanged, or refused; nothing else is asked before. */
let entering: Promise<unknown> = Promise.resolve();

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  if (path !== CODES) await entering;
  let reply: Response;
  try {
    reply = await fetch(path, { ...init, headers: { ...(init.headers as Record<string, string>), ...proof() } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused("The studio does not answer: start it again with 'jazzgen studio'.", null);
  }
  if (reply.ok) return reply;
  const said = (await reply.json().catch(() => ({}))) as Partial<Schemas["Refused"]>;
  throw new Refused(said.error ?? `the studio answered ${reply.status}`, said.bar ?? null);
}

/** Exchanges the code in the address for the token, once; a tab that is loaded again has the token already. */
export async function enter(): Promise<void> {
  const code = new URLSearchParams(location.search).get("code");
  if (location.search) history.replaceState(null, "", location.pathname);
  if (code === null) return;
  const exchanged = send<Schemas["Token"]>("POST", CODES, { code }).then(({ token }) => keep(token));
  entering = exchanged.catch(() => undefined);
  try {
    await exchanged;
  } catch (error) {
    if (!hasToken()) throw error; // else it is an address from the history
  }
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
