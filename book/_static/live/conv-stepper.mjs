// Convolution step by step: the window on the input, the products term by term, the output as far as it is filled.

import { html, reducedMotion, shown } from "./lib/dom.mjs";
import { gridStyle, NumberGrid, sizeFields } from "./lib/grid.mjs";
import { grid, number, toggle } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { correlate, products, turned } from "./maths/convolution.mjs";

const PACE = 900; // milliseconds that Play stays at a place

export class ConvStepper extends Visualiser {
  static title = "Convolution, step by step";

  static settings = {
    input: grid("Input", {
      initial: [
        [4, 5, 8, 7],
        [1, 8, 8, 8],
        [3, 6, 6, 4],
        [6, 5, 7, 8],
      ],
      sizes: [1, 10],
    }),
    kernel: grid("Kernel", {
      initial: [
        [1, 4, 1],
        [1, 4, 3],
        [3, 3, 1],
      ],
      sizes: [1, 5],
    }),
    stride: number("Stride", { initial: 1, min: 1, max: 4 }),
    padding: number("Padding", { initial: 0, min: 0, max: 3 }),
    dilation: number("Dilation", { initial: 1, min: 1, max: 4 }),
    bias: number("Bias", { initial: 0, min: -99, max: 99, step: 0.01 }),
    flip: toggle("Turn the kernel (true convolution)"),
    place: number("Place", { initial: 0, min: 0, max: 255 }),
  };

  static css = `${gridStyle}
    .sum { margin: 0.75rem 0 0; font-variant-numeric: tabular-nums; line-height: 1.7; }
    .sum table { border-collapse: collapse; }
    .sum td { border: 0; padding: 0 0.35rem; text-align: left; white-space: nowrap; }
    .sum .result td { border-top: 1px solid var(--muted); font-weight: 600; padding-top: 0.2rem; }
    .steps { margin-top: 0.75rem; }
  `;

  /** Where the reader is has no control of its own: the output and the buttons lead there. */
  control(name, setting) {
    return name === "place" ? null : super.control(name, setting);
  }

  prepare() {
    const { settings } = ConvStepper;
    const complain = (text) => (this.problem.textContent = text);
    const matrix = (name) => {
      const change = (rows) => this.set({ [name]: rows });
      const made = new NumberGrid({
        label: settings[name].label,
        entry: number("Entry", { initial: 0, min: -99, max: 99, step: 0.001 }),
        change,
        complain,
      });
      made.sizes = sizeFields(settings[name].label, settings[name].sizes, change);
      made.element.append(made.sizes.element);
      return made;
    };
    this.input = matrix("input");
    this.kernel = matrix("kernel");
    this.sliding = new NumberGrid({ label: "Kernel as it slides" });
    this.output = new NumberGrid({ label: "Output", move: (row, column) => this.#go(row * this.width + column) });
    this.sum = html("div", { class: "sum" });
    this.stage.append(
      html("div", { class: "grids" }, this.input.element, this.kernel.element, this.sliding.element, this.output.element),
      this.sum,
      this.#buttons(),
    );
  }

  disconnectedCallback() {
    this.#pause();
  }

  draw() {
    const { input, kernel, stride, padding, dilation, bias, flip } = this.values;
    const used = flip ? turned(kernel) : kernel;
    const options = { stride, padding, dilation, bias };
    try {
      this.#drawResult(used, options, correlate(input, used, options));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#drawMatrices(used, []);
      for (const part of [this.output.element, this.sum, this.steps]) part.hidden = true;
      this.complain(error.message);
    }
  }

  #drawResult(used, options, result) {
    for (const part of [this.output.element, this.sum, this.steps]) part.hidden = false;
    this.width = result[0].length;
    this.count = result.length * this.width;
    this.now = Math.min(this.values.place, this.count - 1);
    const place = [Math.floor(this.now / this.width), this.now % this.width];
    const terms = products(this.values.input, used, place, options);
    this.#drawMatrices(used, terms);
    const look = (row, column) => (row * this.width + column <= this.now ? {} : { class: "empty", text: " " });
    this.output.show(result, { look, selected: place, name: `Output ${result.length} × ${this.width}` });
    this.#drawSum(terms, options.bias, result[place[0]][place[1]]);
    this.back.disabled = this.first.disabled = this.now === 0;
    this.next.disabled = this.all.disabled = this.now === this.count - 1;
  }

  /** The input with the window on it, the kernel, and the turned kernel if it is turned. */
  #drawMatrices(used, terms) {
    const { input, kernel, padding, flip } = this.values;
    const under = new Map(terms.flat().map(({ row, column, weight }) => [`${row} ${column}`, weight]));
    const look = (row, column) => {
      const weight = under.get(`${row} ${column}`);
      return weight === undefined ? {} : { class: "window", note: `×${shown(weight)}` };
    };
    const frame = padding ? `, ${padding} ${padding === 1 ? "zero" : "zeros"} around it` : "";
    this.input.show(input, { frame: padding, look, name: `Input ${input.length} × ${input[0].length}${frame}` });
    this.kernel.show(kernel, { name: `Kernel ${kernel.length} × ${kernel[0].length}` });
    this.sliding.element.hidden = !flip;
    this.sliding.show(used);
    this.input.sizes.show(input);
    this.kernel.sizes.show(kernel);
  }

  #drawSum(terms, bias, result) {
    const lines = terms.map((row, r) => `${r ? "+ " : ""}${row.map(term).join(" + ")}`);
    if (bias) lines.push(`+ ${bracketed(bias)} (bias)`);
    const cells = terms.map((row, r) =>
      html(
        "tr",
        {},
        row.map((one, c) => html("td", {}, `${r || c ? "+ " : ""}${term(one)}`)),
      ),
    );
    const across = { colspan: terms[0].length };
    if (bias) cells.push(html("tr", {}, html("td", across, `+ ${bracketed(bias)} (bias)`)));
    cells.push(html("tr", { class: "result" }, html("td", across, `= ${shown(result)}`)));
    this.sum.replaceChildren(html("table", { role: "presentation" }, html("tbody", {}, cells)));
    const [row, column] = [Math.floor(this.now / this.width), this.now % this.width];
    this.say(`U[${row}, ${column}], place ${this.now + 1} of ${this.count}: ${lines.join(" ")} = ${shown(result)}.`);
  }

  #buttons() {
    const button = (text, action) => html("button", { type: "button", onclick: action }, text);
    const by = (distance) => () => (this.#pause(), this.#go(this.now + distance));
    this.first = button("First", () => (this.#pause(), this.#go(0)));
    this.back = button("Back", by(-1));
    this.next = button("Next", by(1));
    this.all = button("All", () => (this.#pause(), this.#go(this.count - 1)));
    this.player = reducedMotion() ? null : button("Play", () => (this.timer ? this.#pause() : this.#play()));
    this.next.classList.add("primary");
    this.steps = html(
      "div",
      { class: "buttons steps", role: "group", "aria-label": "Places" },
      this.first,
      this.back,
      this.next,
      this.all,
      this.player,
    );
    return this.steps;
  }

  #go(place) {
    const wanted = Math.max(0, Math.min(place, this.count - 1));
    if (wanted !== this.now) this.set({ place: wanted });
  }

  #play() {
    if (this.now === this.count - 1) this.#go(0);
    this.player.textContent = "Pause";
    this.timer = setInterval(() => (this.now < this.count - 1 ? this.#go(this.now + 1) : this.#pause()), PACE);
  }

  #pause() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.player) this.player.textContent = "Play";
  }
}

const bracketed = (value) => (value < 0 ? `(${shown(value)})` : shown(value));
const term = ({ value, weight }) => `${bracketed(value)}·${bracketed(weight)}`;

ConvStepper.register("conv-stepper");
