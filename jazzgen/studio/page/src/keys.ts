/** What keys do, wherever on the page one is, but for where keys write or choose. */

import { barAt } from "./music";
import type { Studio } from "./studio.svelte";

const OWN_KEYS = "input, textarea, select, summary, [contenteditable]";

export function shortcut(event: KeyboardEvent, studio: Studio): void {
  const target = event.target instanceof Element ? event.target : null;
  if (event.ctrlKey || event.metaKey || event.altKey || target?.closest(OWN_KEYS)) return;
  if (event.key === " " && target?.closest("button, a")) return;
  const act = action(event, studio);
  if (!act) return;
  event.preventDefault();
  void act();
}

function action(event: KeyboardEvent, studio: Studio): (() => unknown) | undefined {
  const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
  if (by) return () => (event.shiftKey ? widen(studio, by) : studio.hearing.stepBars(by));
  if (event.key === "ArrowUp" || event.key === "ArrowDown")
    return () => neighbour(studio, event.key === "ArrowUp" ? 1 : -1);
  return {
    " ": () => studio.togglePlay(),
    g: () => studio.generate(),
    r: () => studio.regenerate(),
    l: () => studio.hearing.loop(!studio.hearing.looping),
    u: () => (event.shiftKey ? studio.redo() : studio.undo()),
  }[event.key.toLowerCase()];
}

/** Moves the end of the chosen bars, beginning where the cursor is. */
function widen({ hearing }: Studio, by: number): void {
  const bars = hearing.drawn?.bars ?? [];
  const here = barAt(bars, hearing.tick)?.number;
  if (here === undefined) return;
  const { first, last } = hearing.selection ?? { first: here, last: here - by };
  hearing.select(first, Math.min(Math.max(last + by, first), bars.at(-1)?.number ?? first));
}

/** Shows the next take, or the one before. */
function neighbour(studio: Studio, by: number): void {
  const takes = studio.session?.takes ?? [];
  const next = takes[takes.findIndex(({ id }) => id === studio.take?.id) + by];
  if (next) void studio.show(next.id);
}
