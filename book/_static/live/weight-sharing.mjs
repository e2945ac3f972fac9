// <weight-sharing>: a convolution beside its matrix, and what locality and sharing save.

import { css, matrixTable } from "./fields.mjs";
import { html, shown } from "./lib/dom.mjs";
import { NumberGrid, gridStyle } from "./lib/grid.mjs";
import { choice, grid, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { filled, sharedPlaces, times, weightCounts } from "./maths/sharing.mjs";

const LETTERS = "abcdefghi";
const entry = number("Weight", { initial: 0, min: -99, max: 99, step: 0.5 });
/** The picture's pixels: small whole numbers, so that sums can be checked in the head. */
const pixel = (i) => (3 * i + 1) % 5;

class WeightSharing extends Visualiser {
  static title = "Matrix and kernel";
  static settings = {
    input: choice("Input", { initial: "picture", options: { picture: "picture (2-D)", row: "row (1-D)" } }),
    side: number("Pixels each way", { initial: 4, min: 2, max: 6 }),
    length: number("Pixels", { initial: 8, min: 2, max: 12 }),
    kernel: number("Kernel each way", { initial: 3, min: 1, max: 3 }),
    width: number("Kernel width", { initial: 3, min: 1, max: 5 }),
    stride: number("Stride", { initial: 1, min: 1, max: 4 }),
    padding: number("Zero padding", { initial: 0, min: 0, max: 2 }),
    show: choice("In the matrix", { initial: "letters", options: { letters: "letters", numbers: "numbers" } }),
    weights: grid("Weights", { initial: [[1, 2, 3, 4, 5, 6, 7, 8, 9]], sizes: [1, 9] }),
    output: number("Output", { initial: 1, min: 1, max: 144 }),
  };
  static css = css + gridStyle + STYLE();

  prepare() {
    const change = (rows) => this.set({ weights: [rows.flat().concat(this.weights.slice(rows.flat().length))] });
    this.kernel = new NumberGrid({
      label: "kernel",
      entry,
      change,
      complain: (message) => (this.problem.textContent = message),
      move: (i, j) => this.#mark(i * this.kernelShape[1] + j),
    });
    this.kernel.table.addEventListener("pointerover", (event) => this.#mark(event.target.closest("td")?.dataset.weight));
    for (const leave of ["pointerleave", "focusout"]) this.kernel.table.addEventListener(leave, () => this.#mark());
    this.outputs = new NumberGrid({
      label: "output",
      move: (i, j) => i * this.output[1] + j !== this.chosen && this.#choose(i * this.output[1] + j),
    });
    const matrix = html("div", { class: "matrix", role: "region", tabindex: "0", "aria-label": "Matrix of the layer" });
    this.boxes = { input: html("div"), matrix, sum: html("p", { class: "sum" }), counts: html("div") };
  }

  control(name, setting) {
    return name === "output" ? null : super.control(name, setting);
  }

  /** All nine weights, also those that a smaller kernel doesn't use. */
  get weights() {
    const given = this.values.weights.flat();
    return Array.from({ length: 9 }, (_, k) => given[k] ?? 0);
  }

  /** Sizes as [height, width]; a row is a picture one pixel high. */
  get shapes() {
    const { input, side, length, kernel, width, stride, padding } = this.values;
    if (input === "row")
      return [
        [1, length],
        [1, width],
        [1, stride],
        [0, padding],
      ];
    return [
      [side, side],
      [kernel, kernel],
      [stride, stride],
      [padding, padding],
    ];
  }

  get kernelShape() {
    return this.shapes[1];
  }

  draw() {
    for (const name of ["side", "kernel"]) this.controls[name].element.hidden = this.values.input === "row";
    for (const name of ["length", "width"]) this.controls[name].element.hidden = this.values.input !== "row";
    const [input, kernel, stride, padding] = this.shapes;
    const { output, places } = sharedPlaces(input, kernel, stride, padding);
    this.output = output;
    this.chosen = Math.min(this.values.output, places.length) - 1;
    const x = Array.from({ length: places[0].length }, (_, i) => pixel(i));
    const y = times(filled(places, this.weights), x);
    this.#attach();
    this.boxes.input.replaceChildren(this.#picture(x, places));
    this.#showKernel(places[this.chosen]);
    this.outputs.show(inRows(y, output[1]), { selected: [Math.floor(this.chosen / output[1]), this.chosen % output[1]] });
    this.boxes.matrix.replaceChildren(this.#matrix(places));
    this.boxes.sum.replaceChildren(...this.#sum(places[this.chosen], x, y[this.chosen]));
    this.boxes.counts.replaceChildren(countsTable(weightCounts(places, this.kernelShape)));
    this.#tell(places, y[this.chosen]);
  }

  /** The boxes stay on the stage, so that a field keeps its focus; an error has taken them off. */
  #attach() {
    if (this.boxes.input.isConnected) return;
    const { input, matrix, sum, counts } = this.boxes;
    this.stage.replaceChildren(html("div", { class: "flow" }, input, this.kernel.element, this.outputs.element), matrix, sum, counts);
  }

  /** The kernel: each weight with its letter, colour and pattern, dashed where the chosen row lacks it. */
  #showKernel(row) {
    const [height, width] = this.kernelShape;
    const look = (i, j) => ({
      class: `w${i * width + j} ${row.includes(i * width + j) ? "used" : "unused"}`,
      note: LETTERS[i * width + j],
    });
    this.kernel.show(inRows(this.weights.slice(0, height * width), width), { look });
    this.kernel.table.querySelectorAll("td").forEach((cell, k) => (cell.dataset.weight = k));
  }

  /** Marks one weight in all rows of the matrix, or none. */
  #mark(k) {
    if (k === undefined) delete this.boxes.matrix.dataset.mark;
    else this.boxes.matrix.dataset.mark = k;
  }

  #picture(x, places) {
    const [[height, width], , , [down, right]] = this.shapes;
    const row = places[this.chosen];
    const inside = (i, j) => i >= down && i < height + down && j >= right && j < width + right;
    const at = (i, j) => (inside(i, j) ? (i - down) * width + (j - right) : null);
    const values = Array.from({ length: height + 2 * down }, (_, i) =>
      Array.from({ length: width + 2 * right }, (_, j) => (inside(i, j) ? x[at(i, j)] : 0)),
    );
    const window = this.#window();
    const look = (i, j) => {
      const read = window.some(([y, z]) => y === i && z === j);
      return `${inside(i, j) ? "pixel" : "padding"} ${read ? "read" : ""} ${read && inside(i, j) ? `w${row[at(i, j)]}` : ""}`;
    };
    return matrixTable(this.values.input === "row" ? "row" : "picture", values, { look });
  }

  /** The places of the padded picture under the kernel for the chosen output. */
  #window() {
    const [, [height, width], stride] = this.shapes;
    const [i, j] = [Math.floor(this.chosen / this.output[1]) * stride[0], (this.chosen % this.output[1]) * stride[1]];
    return Array.from({ length: height * width }, (_, k) => [i + Math.floor(k / width), j + (k % width)]);
  }

  #choose(k) {
    this.set({ output: k + 1 });
  }

  /** What an output is called: its number, or its row and column. */
  #name(k) {
    return this.values.input === "row" ? String(k + 1) : `(${Math.floor(k / this.output[1]) + 1}, ${(k % this.output[1]) + 1})`;
  }

  #matrix(places) {
    const [[height, width]] = this.shapes;
    const text = (k) => (k < 0 ? "" : this.values.show === "letters" ? LETTERS[k] : shown(this.weights[k]));
    const cell = (k, column) => html("td", { class: `${k < 0 ? "empty" : `w${k}`} ${column % width === 0 ? "first" : ""}` }, text(k));
    const line = (row, i) =>
      html(
        "tr",
        {
          class: i === this.chosen ? "chosen" : "",
          onclick: () => this.#choose(i),
          onpointerenter: (event) => event.pointerType === "mouse" && this.#preview(i),
        },
        html("th", { scope: "row" }, this.#name(i)),
        row.map(cell),
      );
    const numbers = places[0].map((_, i) => html("th", { scope: "col", class: i % width === 0 ? "first" : "" }, i + 1));
    const head = html("tr", {}, html("th", { scope: "col" }, "out"), numbers);
    const caption = `matrix: ${places.length} outputs × ${height * width} pixels`;
    return html("table", { class: "layer" }, html("caption", {}, caption), html("thead", {}, head), html("tbody", {}, places.map(line)));
  }

  /** Under the mouse a row is only shown; the address follows a click. */
  #preview(i) {
    if (i === this.chosen) return;
    this.values.output = i + 1;
    this.refresh();
  }

  #sum(row, x, y) {
    const terms = row.flatMap((k, column) => (k < 0 ? [] : [{ letter: LETTERS[k], weight: this.weights[k], pixel: x[column] }]));
    if (!terms.length) return [`Output ${this.#name(this.chosen)} = 0: its window holds nothing but padding.`];
    const letters = terms.map(({ letter, pixel: value }) => `${letter}·${value}`).join(" + ");
    const numbers = terms.map(({ weight, pixel: value }) => `${weight < 0 ? `(${shown(weight)})` : shown(weight)}·${value}`).join(" + ");
    return [html("strong", {}, `Output ${this.#name(this.chosen)}`), ` = ${letters} = ${numbers} = `, html("strong", {}, shown(y))];
  }

  #tell(places, y) {
    const { connected, local, shared } = weightCounts(places, this.kernelShape);
    const letters =
      places[this.chosen]
        .filter((k) => k >= 0)
        .map((k) => LETTERS[k])
        .join(" ") || "nothing";
    this.say(
      `Output ${this.#name(this.chosen)} is ${shown(y)}; its row holds ${letters}. Of ${connected} entries ${local} are not empty; the kernel has ${shared} weight${shared > 1 ? "s" : ""}.`,
    );
  }
}

/** A list as the rows of a matrix. */
const inRows = (values, width) => Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

function countsTable({ connected, local, shared }) {
  const line = (name, why, count) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, name),
      html("td", { class: "why" }, why),
      html("td", { "data-count": name }, count.toLocaleString("en")),
    );
  const head = html(
    "tr",
    {},
    ["layer", "its matrix", "weights"].map((text) => html("th", { scope: "col" }, text)),
  );
  return html(
    "table",
    { class: "counts" },
    html("caption", {}, "Weights to learn (without biases)"),
    html("thead", {}, head),
    html(
      "tbody",
      {},
      line("fully connected", "every entry is free", connected),
      line("locally connected", "zero outside the window", local),
      line("convolution", "the same few in every row", shared),
    ),
  );
}

/** Each weight has a colour, a pattern and a letter of its own. */
function STYLE() {
  const soft = ["blue", "orange", "green", "purple", "yellow"];
  const line = "color-mix(in srgb, var(--ink) 28%, transparent)";
  const stripes = (angle, gap) => `repeating-linear-gradient(${angle}deg, ${line} 0 1px, transparent 1px ${gap}px)`;
  const patterns = [
    "none",
    stripes(45, 6),
    stripes(135, 6),
    stripes(0, 5),
    stripes(90, 5),
    `${stripes(45, 7)}, ${stripes(135, 7)}`,
    `radial-gradient(circle, ${line} 1px, transparent 1.5px) 0 0 / 6px 6px`,
    `${stripes(0, 6)}, ${stripes(90, 6)}`,
    stripes(45, 3),
  ];
  const rules = patterns.map(
    (pattern, k) =>
      `.grid td.w${k}, table.layer td.w${k}, table.map td.w${k}.w${k} { background: ${pattern === "none" ? "" : `${pattern}, `}var(--${soft[k % 5]}-soft); }`,
  );
  const marks = patterns.map((_, k) => `.matrix[data-mark="${k}"] td.w${k}`).join(", ");
  return `${rules.join("\n")}
${marks} { outline: 2px solid var(--ink); outline-offset: -2px; font-weight: 700; }
.matrix { overflow-x: auto; margin-top: 0.75rem; }
table.layer { border-collapse: collapse; }
table.layer td, table.layer th { min-width: 1.25rem; height: 1.5rem; padding: 0 0.15rem; text-align: center; font-size: 0.8rem; border-color: var(--line); }
table.layer th { font-weight: 400; color: var(--muted); background: none; font-size: 0.75rem; white-space: nowrap; }
table.layer tbody tr { cursor: pointer; }
table.layer .first { border-left: 2px solid var(--muted); }
table.layer tr.chosen { outline: 3px solid var(--accent); outline-offset: -1px; }
table.layer tr.chosen th { color: var(--ink); font-weight: 700; }
table.map td.padding { border-style: dashed; color: var(--muted); }
table.map td.pixel:not(.read) { background: none; }
table.map td.read { outline: 2px solid var(--accent); outline-offset: -2px; font-weight: 700; }
.grid td.used { border: 2px solid var(--accent); }
.grid td.unused { border: 2px dashed var(--muted); background: none; }
.sum { margin: 0.6rem 0; overflow-wrap: anywhere; }
table.counts td.why { text-align: left; }
@media (max-width: 30rem) {
  table.counts { font-size: 0.85rem; }
  table.layer td, table.layer th { min-width: 1rem; padding: 0; font-size: 0.7rem; }
}
`;
}

WeightSharing.register("weight-sharing");
