// Pooling: which entry wins in each window, and what a shift of the picture by one pixel changes.

import { html, shown } from "./lib/dom.mjs";
import { gridStyle, NumberGrid, sizeFields } from "./lib/grid.mjs";
import { choice, grid, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { covered, differences, mean, pool, rolled, winner } from "./maths/pooling.mjs";

const SHIFTS = { none: [0, 0], right: [0, 1], left: [0, -1], down: [1, 0], up: [-1, 0] };

export class PoolingDemo extends Visualiser {
  static title = "Pooling";

  static settings = {
    input: grid("Input", {
      initial: [
        [1, 3, 0, 2],
        [4, 2, 1, 1],
        [0, 1, 5, 6],
        [1, 0, 7, 8],
      ],
      sizes: [1, 9],
    }),
    kind: choice("Keeps", { initial: "max", options: { max: "the largest (max pooling)", average: "the mean (average pooling)" } }),
    window: number("Window", { initial: 2, min: 1, max: 5 }),
    stride: number("Stride", { initial: 2, min: 1, max: 5 }),
    padding: number("Padding", { initial: 0, min: 0, max: 2 }),
    shift: choice("Move the input", {
      initial: "none",
      options: { none: "not at all", right: "one to the right", left: "one to the left", down: "one down", up: "one up" },
    }),
    place: number("Place", { initial: 0, min: 0, max: 255 }),
  };

  static css = `${gridStyle}
    .shifted { margin-top: 1rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
  `;

  /** The chosen window has no control of its own: the output leads there. */
  control(name, setting) {
    return name === "place" ? null : super.control(name, setting);
  }

  prepare() {
    const { input } = PoolingDemo.settings;
    const change = (rows) => this.set({ input: rows });
    const entry = number("Entry", { initial: 0, min: -99, max: 99, step: 0.001 });
    const move = (row, column) => row * this.width + column !== this.now && this.set({ place: row * this.width + column });
    this.input = new NumberGrid({ label: "Input", entry, change, complain: (text) => (this.problem.textContent = text) });
    this.size = sizeFields("Input", input.sizes, change);
    this.input.element.append(this.size.element);
    this.output = new NumberGrid({ label: "Output", move });
    this.moved = { input: new NumberGrid({ label: "Moved input" }), output: new NumberGrid({ label: "Output of the moved input", move }) };
    this.shifted = html("div", { class: "grids shifted" }, this.moved.input.element, this.moved.output.element);
    this.stage.append(html("div", { class: "grids" }, this.input.element, this.output.element), this.shifted);
  }

  draw() {
    const { input, kind, shift, ...options } = this.values;
    this.size.show(input);
    try {
      this.#drawResult(kind, input, shift, options, pool(kind, input, options));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.input.show(input, { frame: options.padding, look: blankPadding });
      this.output.element.hidden = this.shifted.hidden = true;
      this.complain(error.message);
    }
  }

  #drawResult(kind, input, shift, options, result) {
    this.output.element.hidden = false;
    this.width = result[0].length;
    this.now = Math.min(options.place, result.length * this.width - 1);
    const place = [Math.floor(this.now / this.width), this.now % this.width];
    const before = this.#drawPair(this, input, result, place);
    this.shifted.hidden = shift === "none";
    const after = shift === "none" ? "" : this.#drawShifted(kind, input, options, result, place);
    this.say(`Window ${this.now + 1} of ${result.flat().length}: ${before}.${after}`);
  }

  #drawShifted(kind, input, options, result, place) {
    const input2 = rolled(input, ...SHIFTS[this.values.shift]);
    const result2 = pool(kind, input2, options);
    const after = this.#drawPair(this.moved, input2, result2, place, result);
    const [inputs, outputs] = [differences(input, input2), differences(result, result2)];
    return ` After the move: ${after}. ${inputs} of ${input.flat().length} inputs changed, ${outputs} of ${result.flat().length} outputs.`;
  }

  /** Shows an input beside its output with the chosen window, and returns what happens in it. Entries unlike `before` are marked. */
  #drawPair(grids, input, result, place, before = result) {
    const { kind, window, padding } = this.values;
    const entries = covered(input, place, this.values);
    const best = winner(entries);
    const inside = new Set(entries.map(({ row, column }) => `${row} ${column}`));
    const look = (row, column) => {
      const outside = row < 0 || column < 0 || row >= input.length || column >= input[0].length;
      if (outside) return blankPadding(row, column, kind);
      const wins = kind === "max" && row === best.row && column === best.column;
      return inside.has(`${row} ${column}`) ? { class: wins ? "window winner" : "window", note: wins ? "★" : "" } : {};
    };
    const unlike = (row, column) => Math.abs(result[row][column] - before[row][column]) > 1e-9;
    grids.input.show(input, { frame: padding, look, name: `${grids.input.label} ${input.length} × ${input[0].length}` });
    grids.output.show(result, { selected: place, look: (row, column) => (unlike(row, column) ? { class: "changed", note: "≠" } : {}) });
    const values = entries.map(({ value }) => shown(value));
    if (kind === "max") return `the largest of ${values.join(", ")} is ${shown(best.value)}`;
    return `(${values.join(" + ").replaceAll("+ −", "− ")}) / ${window ** 2} = ${shown(mean(entries, window))}`;
  }
}

/** Padding never wins in max pooling and is zero in a mean. */
const blankPadding = (row, column, kind = "max") => (kind === "max" ? { text: "−∞" } : { text: "0" });

PoolingDemo.register("pooling-demo");
