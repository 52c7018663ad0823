// What is annotated in a draft text, marked to the letter (CSS Custom Highlight API); where ranges overlap they are drawn
// deeper. Without the API the sentences are tinted, and nothing else.

import { domRange, finder } from "./text-places.js";

const DEEPEST = 3;
const marked = new WeakMap(); // of the prose of an article: "start-end" -> how many annotations these words have
const drawn = new WeakMap(); // of the prose of an article: the ranges that were drawn in it, each with its layer

// ranges: [[start, end, count], …], all that an article has.
export function paint(prose, ranges) {
  marked.set(prose, new Map(ranges.map(([start, end, count]) => [`${start}-${end}`, count])));
  draw(prose);
}

// One annotation more on these words, or fewer (by -1).
export function change(prose, { start, end }, by) {
  if (!marked.has(prose)) marked.set(prose, new Map());
  const known = marked.get(prose);
  const name = `${start}-${end}`;
  const count = (known.get(name) ?? 0) + by;
  if (count > 0) known.set(name, count);
  else known.delete(name);
  draw(prose);
}

function draw(prose) {
  if (!window.CSS?.highlights) return;
  prose.classList.add("is-painted");
  const layers = Array.from({ length: DEEPEST }, (_, index) => layer(index + 1));
  for (const [highlight, range] of drawn.get(prose) ?? []) highlight.delete(range);
  const find = finder(prose);
  const found = [...depths(marked.get(prose))].map(([start, end, depth]) => [layers[Math.min(depth, DEEPEST) - 1], domRange(find, start, end)]);
  for (const [highlight, range] of found) highlight.add(range);
  drawn.set(prose, found);
}

function layer(depth) {
  const name = `annotated-${depth}`;
  if (!CSS.highlights.has(name)) CSS.highlights.set(name, new Highlight());
  return CSS.highlights.get(name);
}

// [start, end, how many ranges lie on it] of each stretch that has any, in order.
function* depths(known) {
  const edges = new Map();
  for (const name of known.keys()) {
    const [start, end] = name.split("-").map(Number);
    edges.set(start, (edges.get(start) ?? 0) + 1);
    edges.set(end, (edges.get(end) ?? 0) - 1);
  }
  let depth = 0;
  let from = 0;
  for (const [at, step] of [...edges].sort((one, other) => one[0] - other[0])) {
    if (depth) yield [from, at, depth];
    depth += step;
    from = at;
  }
}
