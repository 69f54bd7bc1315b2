/** What the page asks for a solo with, and how that becomes a request. */

/** A slider whose value is a text too: a number, a curve over the bars ("1:0.8 9:1.2"), or "" for what is usual. */
export interface Knob {
  name: "temperature" | "density" | "rests" | "outside" | "motifs" | "register";
  label: string;
  hint: string;
  least: number;
  most: number;
  step: number;
  usual: number;
}

export const KNOBS: readonly Knob[] = [
  {
    name: "temperature",
    label: "Boldness",
    hint: "safer to the left, bolder to the right",
    least: 0.5,
    most: 1.5,
    step: 0.05,
    usual: 1,
  },
  { name: "density", label: "Notes", hint: "fewer or more of them", least: 0.25, most: 4, step: 0.05, usual: 1 },
  { name: "rests", label: "Space", hint: "how often it breathes", least: 0.1, most: 10, step: 0.1, usual: 1 },
  {
    name: "outside",
    label: "Outside",
    hint: "chord tones to the left, outside the chord to the right",
    least: -1,
    most: 1,
    step: 0.1,
    usual: 0,
  },
  {
    name: "motifs",
    label: "Motifs",
    hint: "how much it takes up its own ideas",
    least: 0,
    most: 2,
    step: 0.05,
    usual: 0.85,
  },
  {
    name: "register",
    label: "Register",
    hint: "the pitch that the line moves about, as a MIDI number or C4",
    least: 40,
    most: 90,
    step: 1,
    usual: 67,
  },
];

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
  /** Null for the band that the style names. */
  band: string[] | null;
  intro: boolean;
  ending: boolean;
  laidBack: number;
  knobs: Record<Knob["name"], string>;
  low: string;
  high: string;
  school: string;
  performer: string;
  targets: string;
  maxQuote: string;
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
    band: null,
    intro: false,
    ending: false,
    laidBack: 1,
    knobs: { temperature: "", density: "", rests: "", outside: "", motifs: "", register: "" },
    low: "",
    high: "",
    school: "",
    performer: "",
    targets: "",
    maxQuote: "",
  };
}

/** A form as it was kept, whatever of it is there. */
export function formFrom(draft: unknown): Form {
  const fresh = freshForm();
  if (typeof draft !== "object" || draft === null) return fresh;
  const kept = draft as Partial<Form>;
  const band = Array.isArray(kept.band) ? kept.band : null;
  return { ...fresh, ...kept, band, knobs: { ...fresh.knobs, ...kept.knobs } };
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

/** Who plays and held to what: of a new solo, and of bars played anew. */
export function playing(form: Form): Record<string, unknown> {
  const knobs = Object.fromEntries(KNOBS.map(({ name }) => [name, text(form.knobs[name])]));
  const controls = {
    ...knobs,
    low: text(form.low),
    high: text(form.high),
    school: text(form.school),
    performer: text(form.performer),
    max_quote: text(form.maxQuote),
  };
  return { model: form.model, controls };
}

function choruses(value: number | null): number {
  if (value === null || !Number.isInteger(value)) throw new Error("choruses: write a whole number");
  return value;
}

/** A new solo, or `count` of them. */
export function order(form: Form, count: number): Record<string, unknown> {
  const { controls, ...rest } = playing(form) as { controls: object };
  return {
    ...rest,
    controls: { ...controls, targets: form.targets.split(/[\s,]+/).filter(Boolean) },
    changes: form.text,
    key: text(form.key),
    title: text(form.title),
    choruses: choruses(form.choruses),
    bpm: number(form.tempo, "tempo"),
    style: text(form.style),
    band: form.band,
    comping: form.comping,
    intro: form.intro,
    ending: form.ending,
    laid_back: form.laidBack,
    seed: number(form.seed, "seed"),
    count,
  };
}
