// The map of the optimizer race: contour lines of a loss, the ways across it, their ends by name.

import { shown, svg } from "./lib/dom.mjs";
import { bands, contour, geometric, sampled } from "./maths/contours.mjs";

const MARGIN = { left: 34, right: 98, top: 8, bottom: 30 };
const GRID = [124, 80];

/** How each rule is drawn, as in the book's figures: colour, dashes and marker, so that no difference rests on colour. */
export const LOOKS = {
  sgd: { colour: "var(--blue)", dashes: "none", marker: "circle" },
  momentum: { colour: "var(--orange)", dashes: "7 3", marker: "square" },
  nesterov: { colour: "var(--orange)", dashes: "2 3", marker: "plus" },
  adagrad: { colour: "var(--green)", dashes: "8 3 2 3", marker: "triangle" },
  rmsprop: { colour: "var(--purple)", dashes: "1 3", marker: "diamond" },
  adam: { colour: "var(--ink)", dashes: "none", marker: "down" },
  adamw: { colour: "var(--muted)", dashes: "5 2", marker: "cross" },
};

const SHAPES = {
  circle: "M-1,0a1,1 0 1,0 2,0a1,1 0 1,0 -2,0z",
  square: "M-.9,-.9h1.8v1.8h-1.8z",
  triangle: "M0,-1.1L1,.8H-1z",
  down: "M0,1.1L1,-.8H-1z",
  diamond: "M0,-1.25L1.05,0L0,1.25L-1.05,0z",
  plus: "M-.4,-1.1h.8v.7h.7v.8h-.7v.7h-.8v-.7h-.7v-.8h.7z",
  cross: "M-1.1,-.7l.4,-.4l.7,.7l.7,-.7l.4,.4l-.7,.7l.7,.7l-.4,.4l-.7,-.7l-.7,.7l-.4,-.4l.7,-.7z",
};

/** The marker of a rule. */
export function marker(rule, x, y, size) {
  const { colour, marker: name } = LOOKS[rule];
  return svg("path", {
    d: SHAPES[name],
    transform: `translate(${x.toFixed(1)},${y.toFixed(1)}) scale(${size})`,
    fill: colour,
    stroke: "var(--ground)",
    "stroke-width": 0.25,
  });
}

/** A small drawing of a rule's line and marker, for a table. */
export const sample = (rule) =>
  svg(
    "svg",
    { width: 34, height: 14, viewBox: "0 0 34 14", "aria-hidden": "true" },
    svg("path", { d: "M1,7H33", stroke: LOOKS[rule].colour, "stroke-width": 2, "stroke-dasharray": LOOKS[rule].dashes }),
    marker(rule, 17, 7, 5),
  );

/** Sizes in pixels, and from weights to pixels and back. */
export function frame([left, right, bottom, top], width) {
  const inner = width - MARGIN.left - MARGIN.right;
  const height = Math.round(Math.min(400, Math.max(190, inner * 0.68)));
  const x = (w) => MARGIN.left + ((w - left) / (right - left)) * inner;
  const y = (w) => MARGIN.top + ((top - w) / (top - bottom)) * height;
  const weights = (px, py) => [left + ((px - MARGIN.left) / inner) * (right - left), top - ((py - MARGIN.top) / height) * (top - bottom)];
  return { x, y, weights, inner, height, width, full: height + MARGIN.top + MARGIN.bottom };
}

/** The ground of the map: bands between levels, darker where the loss is low, and the lines between them. */
export function ground({ loss, box, goals, start }, place) {
  const heights = sampled(loss, box, GRID[0], GRID[1]);
  const top = loss(start);
  const levels = geometric(top / 300, 3 * top, 10);
  const [dx, dy] = [place.inner / GRID[0], place.height / GRID[1]];
  const x = (column) => (MARGIN.left + column * dx).toFixed(1);
  const y = (row) => (MARGIN.top + place.height - row * dy).toFixed(1);
  const shades = bands(heights, levels).map((strips, band) =>
    svg("path", {
      d: strips.map(([j, i, n]) => `M${x(j)},${y(i)}h${(n * dx).toFixed(1)}v${-dy.toFixed(2)}h${(-n * dx).toFixed(1)}z`).join(""),
      fill: "var(--blue)",
      opacity: (0.4 * (1 - band / levels.length)).toFixed(3),
    }),
  );
  const lines = levels.map((level) =>
    svg("path", {
      d: contour(heights, level)
        .map(([xa, ya, xb, yb]) => `M${x(xa)},${y(ya)}L${x(xb)},${y(yb)}`)
        .join(""),
      fill: "none",
      stroke: "var(--muted)",
      "stroke-width": 0.6,
    }),
  );
  return svg(
    "g",
    { "clip-path": "url(#map)" },
    shades,
    lines,
    goals.map((goal) => star(place.x(goal[0]), place.y(goal[1]))),
  );
}

const star = (x, y) =>
  svg("path", {
    d: "M0,-9L2.3,-2.9L8.6,-2.8L3.6,1.2L5.3,7.3L0,3.8L-5.3,7.3L-3.6,1.2L-8.6,-2.8L-2.3,-2.9z",
    transform: `translate(${x},${y})`,
    fill: "var(--ground)",
    stroke: "var(--ink)",
    "stroke-width": 1.3,
  });

/** Frame, numbers and names of the two axes. */
export function axes([left, right, bottom, top], place) {
  const whole = (from, to) => Array.from({ length: Math.floor(to) - Math.ceil(from) + 1 }, (_, i) => Math.ceil(from) + i);
  const [across, up] = [whole(left, right), whole(bottom, top)];
  const below = MARGIN.top + place.height;
  return svg(
    "g",
    { "font-size": 12 },
    svg("rect", { x: MARGIN.left, y: MARGIN.top, width: place.inner, height: place.height, fill: "none", stroke: "var(--line)" }),
    across.map((w) => svg("text", { x: place.x(w), y: below + 15, "text-anchor": "middle" }, shown(w))),
    up.map((w) => svg("text", { x: MARGIN.left - 6, y: place.y(w) + 4, "text-anchor": "end" }, shown(w))),
    svg("text", { x: MARGIN.left + place.inner, y: below + 28, "text-anchor": "end" }, "w₁"),
    svg("text", { x: 2, y: MARGIN.top + 10 }, "w₂"),
  );
}

/** The way of one rule: a line, a marker every few steps, a larger one where it stands now. */
export function trail(rule, points, place) {
  const { colour, dashes } = LOOKS[rule];
  // A runaway's last point may lie astronomically far out; the picture needs its direction only.
  const limit = (value) => Math.min(4000, Math.max(-4000, value));
  const at = points.map(([a, b]) => [limit(place.x(a)), limit(place.y(b))]);
  const line = at.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const every = Math.max(1, Math.ceil(at.length / 16));
  const marks = at.filter((_, t) => t % every === 0 && t + 1 < at.length).map(([x, y]) => marker(rule, x, y, 3.4));
  return svg(
    "g",
    { "data-rule": rule },
    svg("polyline", {
      points: line,
      fill: "none",
      stroke: colour,
      "stroke-width": 1.7,
      "stroke-dasharray": dashes,
      "stroke-linejoin": "round",
    }),
    marks,
    marker(rule, ...at.at(-1), 5.5),
  );
}

/** The names of the rules beside the map, each with a thin line to where the rule stands; none covers another. */
export function names(ends, place) {
  const edge = MARGIN.left + place.inner;
  const inside = (value, from, to) => Math.min(to, Math.max(from, value));
  const wanted = ends.map(({ rule, name, point }) => ({
    rule,
    name,
    x: inside(place.x(point[0]), MARGIN.left, edge),
    y: inside(place.y(point[1]), MARGIN.top, MARGIN.top + place.height),
  }));
  wanted.sort((a, b) => a.y - b.y);
  const gap = 17;
  let lowest = MARGIN.top + 6 - gap;
  for (const one of wanted) lowest = one.at = Math.max(one.y, lowest + gap);
  let highest = MARGIN.top + place.height + gap;
  for (const one of wanted.toReversed()) highest = one.at = Math.min(one.at, highest - gap);
  return svg(
    "g",
    { "font-size": 13 },
    wanted.map(({ rule, name, x, y, at }) => [
      svg("path", {
        d: `M${x.toFixed(1)},${y.toFixed(1)}L${edge + 8},${at.toFixed(1)}`,
        stroke: LOOKS[rule].colour,
        "stroke-width": 0.8,
        opacity: 0.8,
      }),
      marker(rule, edge + 14, at, 4.5),
      svg("text", { x: edge + 22, y: at + 4 }, name),
    ]),
  );
}
