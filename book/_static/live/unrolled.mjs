// The drawing of an unrolled recurrent network: inputs below, states in a row, outputs above, gradients underneath.

import { low, scientific } from "./fields.mjs";
import { svg } from "./lib/dom.mjs";

const COLUMN = 96;
const BOX = { width: 68, height: 42 };
const ROWS = { y: 18, h: 102, x: 186, gradient: 260 };
/** Left edge of a step's column. */
const left = (t) => 14 + t * COLUMN;

/**
 * @param {object} plan    from PATTERNS
 * @param {object[]} history what `forward` returned
 * @param {object[]} way     what `backward` returned
 * @param {number} done      how many steps forward are shown
 * @param {number} back      how many states the gradient has reached, the last one included
 */
export function drawing(plan, history, way, done, back) {
  const width = left(plan.steps) - COLUMN + BOX.width + 14;
  const height = back ? ROWS.gradient + 74 : ROWS.x + BOX.height + 10;
  const arrowhead = svg(
    "marker",
    { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    svg("path", { d: "M0,0L8,4L0,8z", fill: "var(--muted)" }),
  );
  const steps = history.map((step, t) => column(plan, step, t, t < done, t === done - 1 && !back));
  const gradients = way.slice(0, back).map((one, k) => gradient(one, plan.steps, k === back - 1));
  return svg(
    "svg",
    {
      width,
      height,
      style: `min-width: ${0.8 * width}px`,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "aria-label": described(plan, done, back),
      "font-size": 13,
    },
    svg("defs", {}, arrowhead),
    steps,
    gradients,
  );
}

const described = ({ steps, reads, gives }, done, back) =>
  `The network unrolled over ${steps} steps; inputs at ${list(reads)}, outputs at ${list(gives)}; ${done} steps computed${back ? `, the gradient gone back to step ${steps - back + 1}` : ""}.`;
const list = (steps) => `step${steps.length > 1 ? "s" : ""} ${steps.map((t) => t + 1).join(", ")}`;

/** One step: its boxes and the arrows that lead to them. */
function column(plan, step, t, known, now) {
  const middle = left(t) + BOX.width / 2;
  const parts = [box("h", t, step.h, known, now, t >= plan.decoder)];
  if (t) parts.push(line(left(t) - COLUMN + BOX.width, ROWS.h + 21, left(t) - 2, ROWS.h + 21));
  if (plan.reads.includes(t) || step.fed) {
    parts.push(box("x", t, step.x, known, now), line(middle, ROWS.x, middle, ROWS.h + BOX.height + 2));
  }
  if (step.fed) {
    const [from, to] = [left(t - 1) + BOX.width, left(t)];
    parts.push(
      svg("path", {
        d: `M${from},${ROWS.y + 21}C${from + 30},${ROWS.y + 30} ${to - 34},${ROWS.x + 10} ${to - 2},${ROWS.x + 21}`,
        fill: "none",
        stroke: "var(--muted)",
        "stroke-dasharray": "4 3",
        "marker-end": "url(#tip)",
      }),
    );
  }
  if (plan.gives.includes(t)) parts.push(box("y", t, step.y, known, now), line(middle, ROWS.h, middle, ROWS.y + BOX.height + 2));
  return svg("g", { "data-step": t + 1 }, parts);
}

const line = (x1, y1, x2, y2) => svg("line", { x1, y1, x2, y2, stroke: "var(--muted)", "stroke-width": 1.4, "marker-end": "url(#tip)" });

/** A vector in its frame; one that isn't computed yet shows its name only, in a dashed frame. */
function box(letter, t, values, known, now, decoder = false) {
  const [x, y] = [left(t), ROWS[letter]];
  const look = {
    fill: known ? "var(--blue-soft)" : "none",
    stroke: now ? "var(--accent)" : "var(--muted)",
    "stroke-width": now ? 3 : 1.2,
    "stroke-dasharray": known ? "none" : "4 3",
  };
  const frame = svg("rect", { x, y, width: BOX.width, height: BOX.height, rx: letter === "h" ? 10 : 2, ...look });
  const inner = decoder
    ? svg("rect", { x: x + 4, y: y + 4, width: BOX.width - 8, height: BOX.height - 8, rx: 7, fill: "none", stroke: "var(--muted)" })
    : null;
  const name = svg("text", { x: x - 2, y: y - 3, "font-size": 12 }, `${letter}${low(t + 1)}`);
  const lines = known ? values.map((value) => scientific(value)) : [];
  const first = y + BOX.height / 2 + (lines.length > 1 ? -3 : 4.5);
  return [
    frame,
    inner,
    name,
    lines.map((text, i) => svg("text", { x: x + BOX.width / 2, y: first + 15 * i, "text-anchor": "middle" }, text)),
  ];
}

/** ∂h_T/∂h_t below its state, with the factor that led to it on the arrow from the right. */
function gradient({ t, factor, gradient: matrix, size }, last, now) {
  const [x, y] = [left(t - 1), ROWS.gradient];
  const frame = svg("rect", {
    x: x - 5,
    y,
    width: BOX.width + 10,
    height: 46,
    fill: "var(--orange-soft)",
    stroke: now ? "var(--accent)" : "var(--orange)",
    "stroke-width": now ? 3 : 1.2,
  });
  const rows = matrix.map((row) => row.map((value) => scientific(value)).join("\u2002\u2002"));
  const first = y + 23 + (rows.length > 1 ? -3 : 4.5);
  const text = rows.map((row, i) =>
    svg("text", { x: x + BOX.width / 2, y: first + 15 * i, "text-anchor": "middle", "font-size": 11.5 }, row),
  );
  const name = svg("text", { x: x - 5, y: y - 5, "font-size": 12 }, `∂h${low(last)}/∂h${low(t)}`);
  const length = svg(
    "text",
    { x: x + BOX.width / 2, y: y + 62, "text-anchor": "middle", "font-size": 12 },
    matrix.length > 1 ? `size ${scientific(size)}` : "",
  );
  const back = factor ? line(x + COLUMN - 6, y + 23, x + BOX.width + 7, y + 23) : null;
  return svg("g", { "data-gradient": t }, frame, text, name, length, back);
}
