// <rnn-unroller>: a tiny recurrent network, step by step forwards in each of the five patterns, then its gradient back.

import { css, low, scientific } from "./fields.mjs";
import { html, shown } from "./lib/dom.mjs";
import { NumberGrid, gridStyle, resized } from "./lib/grid.mjs";
import { choice, grid, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { PATTERNS, apply, backward, forward } from "./maths/recurrence.mjs";
import { drawing } from "./unrolled.mjs";

const MOST = 10;
const matrix = (label, initial) => grid(label, { initial, sizes: [1, 2] });
const entry = number("Number", { initial: 0, min: -99, max: 99, step: 0.5 });

/** The weights of the two cells: settings → part of the cell, the decoder's with `d_` in front. */
const WEIGHTS = { wxh: ["Wxh", "W_xh"], whh: ["Whh", "W_hh"], b: ["b", "b"], why: ["Why", "W_hy"] };

const HAND = {
  pattern: "many_to_one",
  units: 2,
  inputs: 3,
  x: [
    [1, 0],
    [0, 1],
    [0.5, 0.5],
  ],
  wxh: [
    [1, 0],
    [0, 2],
  ],
  whh: [
    [0, 1],
    [-1, 0],
  ],
  b: [[0, -1]],
  why: [
    [1, 1],
    [1, -1],
  ],
};
const one = (weight, first) => ({
  pattern: "many_to_one",
  units: 1,
  inputs: 8,
  x: [[first]],
  wxh: [[1]],
  whh: [[weight]],
  b: [[0]],
  why: [[1]],
});
/** Places to start from: the chapter's cell, and single units that show what a gradient can do. */
const EXAMPLES = {
  "By hand": { ...HAND, at: 3 },
  "Vanishing: weight 0.5": { ...one(0.5, 1), at: 16 },
  "Exploding: weight 2, state 0": { ...one(2, 0), at: 16 },
  "Latch: weight 2, state held": { ...one(2, 1), at: 16 },
};

class RnnUnroller extends Visualiser {
  static title = "A recurrent network, unrolled";
  static settings = {
    pattern: choice("Pattern", {
      initial: HAND.pattern,
      options: Object.fromEntries(Object.entries(PATTERNS).map(([name, { title }]) => [name, title])),
    }),
    units: number("Numbers in a state", { initial: HAND.units, min: 1, max: 2 }),
    inputs: number("Inputs", { initial: HAND.inputs, min: 1, max: MOST }),
    outputs: number("Outputs", { initial: 3, min: 1, max: MOST }),
    at: number("Step", { initial: 3, min: 0, max: 4 * MOST }),
    x: grid("Inputs x", { initial: HAND.x, sizes: [1, MOST] }),
    wxh: matrix("W_xh", HAND.wxh),
    whh: matrix("W_hh", HAND.whh),
    b: matrix("b", HAND.b),
    why: matrix("W_hy", HAND.why),
    d_wxh: matrix("Decoder's W_xh", [
      [1, 0],
      [0, 1],
    ]),
    d_whh: matrix("Decoder's W_hh", [
      [1, 0],
      [0, 1],
    ]),
    d_b: matrix("Decoder's b", [[0, 0]]),
    d_why: matrix("Decoder's W_hy", [
      [1, 0],
      [0, 1],
    ]),
  };
  static css = `${css}${gridStyle}
.controls select { max-width: 17rem; }
.numbers { gap: 0.5rem 1.1rem; margin-bottom: 0.75rem; }
.numbers .grid input { width: 3.2rem; }
.position { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-block: 0.5rem; }
.position input { flex: 1 1 8rem; min-width: 6rem; }
.net { overflow-x: auto; padding-top: 0.8rem; }
.net svg { max-width: 100%; height: auto; }
.sum { margin: 0.5rem 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.gradients td, .gradients th { white-space: nowrap; }
.scale { position: relative; display: block; width: 9rem; height: 0.8rem; border: 1px solid var(--line); border-radius: 2px; }
.scale i { position: absolute; inset-block: 0; background: var(--blue); }
.scale i.smaller { background: repeating-linear-gradient(45deg, var(--orange) 0 3px, transparent 3px 5px); border: 1px solid var(--orange); }
.scale::after { content: ""; position: absolute; left: 50%; inset-block: -3px; border-left: 1px solid var(--ink); }
@media (max-width: 34rem) { .gradients { font-size: 0.8rem; } .gradients td, .gradients th { padding: 0.2rem 0.3rem; } .scale { width: 5rem; } }
`;

  prepare() {
    const examples = Object.entries(EXAMPLES).map(([name, values]) =>
      html("button", { type: "button", onclick: () => this.set(values) }, name),
    );
    this.panel.append(html("div", { class: "buttons", role: "group", "aria-label": "Examples" }, examples));
    const field = (name, label) =>
      new NumberGrid({
        label,
        entry,
        change: (rows) => this.#change(name, rows),
        complain: (message) => (this.problem.textContent = message),
      });
    this.fields = { x: field("x", "inputs x") };
    for (const [name, [, letter]] of Object.entries(WEIGHTS)) this.fields[name] = field(name, letter);
    for (const [name, [, letter]] of Object.entries(WEIGHTS)) this.fields[`d_${name}`] = field(`d_${name}`, `decoder's ${letter}`);
    this.numbers = html(
      "div",
      { class: "grids numbers" },
      Object.values(this.fields).map(({ element }) => element),
    );
    this.slider = html("input", {
      type: "range",
      min: 0,
      "aria-label": "Step forward, then back",
      oninput: () => this.#preview(Number(this.slider.value)),
      onchange: () => this.set({}),
    });
    const button = (text, move) => html("button", { type: "button", onclick: () => this.#go(move) }, text);
    this.position = html("div", { class: "position" }, button("◀ Back", -1), button("Forward ▶", 1), this.slider);
    this.net = html("div", { class: "net", role: "region", tabindex: "0", "aria-label": "Unrolled network" });
    this.sum = html("p", { class: "sum" });
    this.gradients = html("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "Gradients" });
  }

  control(name, setting) {
    return name === "at" ? null : super.control(name, setting);
  }

  /** Some numbers of a matrix change; what isn't shown of it stays. */
  #change(name, rows) {
    const old = this.values[name];
    const whole = resized(old, Math.max(rows.length, old.length), Math.max(rows[0].length, old[0].length));
    this.set({ [name]: whole.map((row, i) => row.map((value, j) => rows[i]?.[j] ?? value)) });
  }

  #shape(name) {
    const n = this.values.units;
    if (name === "x") return { rows: this.plan.reads.length, columns: n };
    return { rows: name.endsWith("b") ? 1 : n, columns: n };
  }

  #cell(prefix) {
    const part = ([name, [key]]) => {
      const { rows, columns } = this.#shape(name);
      const values = resized(this.values[prefix + name], rows, columns);
      return [key, key === "b" ? values[0] : values];
    };
    return Object.fromEntries(Object.entries(WEIGHTS).map(part));
  }

  #go(move) {
    this.set({ at: Math.min(this.end, Math.max(0, this.at + move)) });
  }

  #preview(at) {
    this.values.at = at;
    this.refresh();
  }

  draw() {
    const { pattern, inputs, outputs } = this.values;
    this.plan = PATTERNS[pattern].plan(inputs, outputs);
    this.end = 2 * this.plan.steps;
    this.at = Math.min(this.values.at, this.end);
    const x = resized(this.values.x, this.plan.reads.length, this.values.units);
    const history = forward(this.plan, x, this.#cell(""), this.#cell("d_"));
    const way = backward(history);
    const [done, back] = [Math.min(this.at, this.plan.steps), Math.max(0, this.at - this.plan.steps)];
    this.#showControls();
    if (!this.net.isConnected) this.stage.replaceChildren(this.numbers, this.position, this.net, this.sum, this.gradients);
    this.net.replaceChildren(drawing(this.plan, history, way, done, back));
    this.sum.replaceChildren(...(back ? explainBack(way, back, history) : explainStep(history, done, this.plan)));
    this.gradients.replaceChildren(back ? gradientsTable(way.slice(0, back), this.plan.steps) : "");
    this.gradients.hidden = !back;
    this.say(back ? verdict(way[back - 1], this.plan.steps) : said(history, done));
  }

  /** Only what the pattern uses is shown. */
  #showControls() {
    const { pattern } = this.values;
    this.controls.inputs.element.hidden = ["one_to_one", "one_to_many"].includes(pattern);
    this.controls.outputs.element.hidden = !["one_to_many", "encoder_decoder"].includes(pattern);
    for (const [name, field] of Object.entries(this.fields)) {
      const { rows, columns } = this.#shape(name);
      field.element.hidden = name.startsWith("d_") && pattern !== "encoder_decoder";
      field.show(resized(this.values[name], rows, columns));
    }
    this.slider.max = this.end;
    this.slider.value = this.at;
    const where =
      this.at > this.plan.steps
        ? `gradient, ${this.at - this.plan.steps} of ${this.plan.steps}`
        : `forward, ${this.at} of ${this.plan.steps}`;
    this.slider.setAttribute("aria-valuetext", where);
  }
}

const vector = (values) => (values.length > 1 ? `(${values.map((value) => shown(value)).join(", ")})` : shown(values[0]));
const written = (rows) =>
  rows.length > 1 ? `[${rows.map((row) => row.map((value) => scientific(value)).join(", ")).join("; ")}]` : scientific(rows[0][0]);

/** The newest state with its numbers put in. */
function explainStep(history, done, plan) {
  if (!done) return [`The first state h₀ is ${vector(history[0].h.map(() => 0))}. Go forward.`];
  const { x, before, h, y, fed, cell } = history[done - 1];
  const [now, last] = [low(done), low(done - 1)];
  const sum = `h${now} = tanh(W_xh x${now} + W_hh h${last} + b) = tanh(${vector(apply(cell.Wxh, x))} + ${vector(apply(cell.Whh, before))} + ${vector(cell.b)}) = `;
  const origin = fed ? ` x${now} is the output y${last}, fed back.` : plan.reads.includes(done - 1) ? "" : ` Nothing is read: x${now} = 0.`;
  const output = y ? ` y${now} = W_hy h${now} = ${vector(y)}.` : "";
  return [sum, html("strong", {}, vector(h)), `.${output}${origin}`];
}

/** The newest factor of the gradient with its numbers put in. */
function explainBack(way, back, history) {
  const { t, factor, gradient } = way[back - 1];
  const last = low(history.length);
  if (!factor)
    return [
      `The gradient starts at the last state: ∂h${last}/∂h${last} = ${written(gradient)}. Each step back multiplies it by diag(1 − h²) W_hh.`,
    ];
  const detour = history[t].fed ? "(W_hh + W_xh W_hy)" : "W_hh";
  const slopes = vector(history[t].h.map((value) => 1 - value ** 2));
  return [
    `∂h${low(t + 1)}/∂h${low(t)} = diag(1 − h${low(t + 1)}²) ${detour} = diag${slopes.startsWith("(") ? slopes : `(${slopes})`} ${detour} = ${written(factor)}. Product so far: ∂h${last}/∂h${low(t)} = `,
    html("strong", {}, written(gradient)),
    ".",
  ];
}

function gradientsTable(way, last) {
  const head = ["state", "factor of the step", `product ∂h${low(last)}/∂h`, "size", "10⁻⁶ … 1 … 10⁶"].map((text) =>
    html("th", { scope: "col" }, text),
  );
  const lines = way.map(({ t, factor, gradient, size }) =>
    html(
      "tr",
      { "data-state": t },
      html("th", { scope: "row" }, `h${low(t)}`),
      html("td", {}, factor ? written(factor) : "–"),
      html("td", {}, written(gradient)),
      html("td", {}, scientific(size)),
      html("td", {}, scale(size)),
    ),
  );
  return html(
    "table",
    { class: "gradients" },
    html("caption", {}, "The gradient on its way back"),
    html("thead", {}, html("tr", {}, head)),
    html("tbody", {}, lines),
  );
}

/** A bar on a logarithmic scale, from the middle to the left below 1 and to the right above. */
function scale(size) {
  const part = Math.min(1, Math.max(-1, Math.log10(Math.max(size, 1e-300)) / 6));
  const [left, width] = part < 0 ? [50 + 50 * part, -50 * part] : [50, 50 * part];
  return html(
    "span",
    { class: "scale", "aria-hidden": "true" },
    html("i", { class: part < 0 ? "smaller" : "", style: `left:${left}%;width:${width}%` }),
  );
}

const said = (history, done) =>
  done ? `Step ${done} of ${history.length}: state ${vector(history[done - 1].h)}.` : "At the start: the state is zero.";

function verdict({ t, size }, last) {
  if (t === last) return "The gradient starts at the last state with size 1.";
  const trend = size < 0.1 ? "It vanishes." : size > 10 ? "It explodes." : "";
  return `Back at state ${t} of ${last}: the gradient has size ${scientific(size)}. ${trend}`.trim();
}

RnnUnroller.register("rnn-unroller");
