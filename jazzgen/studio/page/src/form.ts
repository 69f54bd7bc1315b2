/** What the page asks for a solo with, and how that becomes a request. */

import type { Control, Schemas, Setting } from "./api";

export type Player = Schemas["Setting"]["players"][number];

export interface Form {
  text: string;
  key: string;
  title: string;
  tempo: string;
  choruses: number | null;
  style: string;
  model: string;
  seed: string;
  comping: "sparse" | "medium" | "busy";
  bass: "learned" | "rules";
  /** Null for the band that the style names. */
  band: Player[] | null;
  intro: boolean;
  ending: boolean;
  laidBack: number;
  touch: number;
  dynamics: number;
  gestures: boolean;
  /** Texts by the control's name: a number, a curve over the bars ("1:0.8 9:1.2"), a name; "" for what is usual. */
  controls: Record<string, string>;
}

export function freshForm(): Form {
  return {
    text: "F7 | Bb7 | F7 | Cm7 F7\nBb7 | Bdim7 | F7 | D7b9\nGm7 | C7 | F7 D7b9 | Gm7 C7",
    key: "",
    title: "",
    tempo: "",
    choruses: 1,
    style: "",
    model: "soloist",
    seed: "",
    comping: "medium",
    bass: "learned",
    band: null,
    intro: false,
    ending: false,
    laidBack: 1,
    touch: 1,
    dynamics: 1,
    gestures: false,
    controls: {},
  };
}

/** A form as it was kept, whatever of it is there. */
export function formFrom(draft: unknown): Form {
  const fresh = freshForm();
  if (typeof draft !== "object" || draft === null) return fresh;
  const kept = draft as Partial<Form> & OldForm;
  const { knobs, low, high, school, performer, targets, maxQuote, ...rest } = kept;
  const old = { ...knobs, low, high, school, performer, targets, max_quote: maxQuote };
  const texts = Object.entries({ ...old, ...kept.controls }).filter(([, value]) => typeof value === "string");
  const controls = Object.fromEntries(texts) as Record<string, string>;
  return { ...fresh, ...rest, band: Array.isArray(kept.band) ? kept.band : null, controls };
}

/** A form from before the server said which controls there are. */
interface OldForm {
  knobs?: Record<string, string>;
  low?: string;
  high?: string;
  school?: string;
  performer?: string;
  targets?: string;
  maxQuote?: string;
}

/** Null for what is left empty. */
function text(value: string): string | null {
  return value.trim() || null;
}

function number(value: string, what: string): number | null {
  if (!value.trim()) return null;
  const found = Number(value);
  if (!Number.isFinite(found)) throw new Error(`${what} '${value}': write a number, or leave it empty`);
  return found;
}

/** The controls that a form's model knows; none before the server has said which there are. */
export function controlsOf(form: Form, setting: Setting | null): Control[] {
  const kind = setting?.models.find(({ name }) => name === form.model)?.kind;
  return setting?.controls.filter(({ models }) => kind && models.includes(kind)) ?? [];
}

/** Who plays and held to what: of a new solo, and of bars played anew, which have no notes to arrive at. */
export function playing(form: Form, setting: Setting | null): Pick<Schemas["Order"], "model" | "controls"> {
  const texts = controlsOf(form, setting).filter(({ kind }) => kind !== "targets");
  const asked = texts.map(({ name }) => [name, text(form.controls[name] ?? "")]);
  return { model: form.model, controls: { ...Object.fromEntries(asked), targets: [] } };
}

function targets(form: Form, setting: Setting | null): string[] {
  const known = controlsOf(form, setting).some(({ kind }) => kind === "targets");
  return known ? (form.controls.targets ?? "").split(/[\s,]+/).filter(Boolean) : [];
}

function choruses(value: number | null): number {
  if (value === null || !Number.isInteger(value)) throw new Error("choruses: write a whole number");
  return value;
}

/** A new solo, or `count` of them. */
export function order(form: Form, setting: Setting | null, count: number): Schemas["Order"] {
  const { model, controls } = playing(form, setting);
  return {
    model,
    controls: { ...controls, targets: targets(form, setting) },
    changes: form.text,
    key: text(form.key),
    title: text(form.title),
    choruses: choruses(form.choruses),
    bpm: number(form.tempo, "tempo"),
    style: text(form.style),
    band: form.band,
    comping: form.comping,
    bass: form.bass,
    intro: form.intro,
    ending: form.ending,
    laid_back: form.laidBack,
    touch: form.touch,
    dynamics: form.dynamics,
    gestures: form.gestures,
    seed: number(form.seed, "seed"),
    count,
  };
}
