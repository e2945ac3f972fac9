// Receptive fields: a stack of layers drawn along one axis; choose a unit and see what it reads, down to the input.

import { html, shown, svg } from "./lib/dom.mjs";
import { number, text } from "./lib/settings.mjs";
import { numberControl, Visualiser } from "./lib/visualiser.mjs";
import { fields, formatStack, inputWindow, lengths, limits, MOST_LAYERS, parseStack, reads } from "./maths/fields.mjs";

const CELL = 26; // side of a unit's square with its gap: large enough for a finger
const LEVEL = 62; // from one layer to the next
const PARTS = { kernel: "Kernel", stride: "Stride", padding: "Padding", dilation: "Dilation" };
const MOST_INPUTS = 48;

export class FieldExplorer extends Visualiser {
  static title = "Receptive fields";

  static settings = {
    inputs: number("Inputs", { initial: 9, min: 1, max: MOST_INPUTS }),
    layers: text("Layers", { initial: "5 2 0 1; 2 1 0 1", read: parseStack }),
    level: number("Layer", { initial: 2, min: 0, max: MOST_LAYERS }),
    unit: number("Unit", { initial: 0, min: 0, max: 99 }),
  };

  static css = `
    .scroll { overflow-x: auto; padding: 4px; margin: -4px; }
    .stage svg.stack { margin-bottom: 0.75rem; min-width: var(--own); }
    @container (min-width: 36rem) { .stage svg.stack { min-width: calc(0.8 * var(--own)); } }
    .unit rect { fill: var(--ground); stroke: var(--muted); stroke-width: 1.5; }
    .unit text { font-size: 11px; text-anchor: middle; dominant-baseline: central; pointer-events: none; }
    .unit[role] { cursor: pointer; }
    .unit.padding rect { stroke-dasharray: 3 3; fill: var(--surface); }
    .unit.read rect { fill: var(--yellow-soft); stroke: var(--ink); stroke-width: 2.5; }
    .unit.chosen rect { fill: var(--blue-soft); stroke: var(--accent); stroke-width: 3.5; }
    .unit.chosen text { font-weight: 700; }
    .unit:focus { outline: none; }
    .unit:focus-visible rect { stroke: var(--accent); stroke-width: 5; }
    .reads { stroke: var(--muted); stroke-width: 1.2; }
    .span { stroke: var(--ink); stroke-width: 2; fill: none; }
    .level { font-size: 13px; font-weight: 600; }
    .card { container-type: inline-size; }
    table { font-size: 0.82rem; }
    td input[type="number"] { width: 2.8rem; padding-inline: 0.3rem; }
    td button { min-width: 1.9rem; padding-inline: 0.4rem; }
    th, td { white-space: nowrap; padding-inline: 0.2rem; }
    @container (max-width: 34rem) {
      th, td { padding: 0.2rem; }
      thead th { font-size: 0.72rem; white-space: normal; }
      td input[type="number"] { width: 2.5rem; padding-inline: 0.2rem; }
    }
    tr[aria-current] > * { background: var(--yellow-soft); }
    .buttons { margin-top: 0.6rem; }
    .formula { margin: 0.5rem 0; font-variant-numeric: tabular-nums; }
  `;

  /** The unit is chosen in the drawing. */
  control(name, setting) {
    return ["level", "unit"].includes(name) ? null : super.control(name, setting);
  }

  prepare() {
    this.drawing = html("div", { class: "scroll" });
    this.body = html("tbody");
    const names = ["Layer", ...Object.values(PARTS), "Field r", "Jump j", "Units", "First window", "Remove"];
    const head = html(
      "thead",
      {},
      html(
        "tr",
        {},
        names.map((name) => html("th", { scope: "col" }, name)),
      ),
    );
    this.formula = html("p", { class: "formula" });
    this.add = html(
      "button",
      { type: "button", onclick: () => this.#store([...this.layers, { kernel: 3, stride: 1, padding: 0, dilation: 1 }]) },
      "Add a layer on top",
    );
    this.stage.append(
      this.drawing,
      this.formula,
      html("div", { class: "scroll" }, html("table", { "aria-label": "Layers" }, head, this.body)),
      html("div", { class: "buttons" }, this.add),
    );
  }

  draw() {
    this.layers = parseStack(this.values.layers);
    this.fields = fields(this.layers);
    this.add.disabled = this.layers.length === MOST_LAYERS;
    try {
      this.units = lengths(this.layers, this.values.inputs);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.units = [];
      this.#drawTable();
      this.drawing.replaceChildren();
      this.formula.textContent = "";
      this.complain(error.message);
      return;
    }
    this.level = Math.min(this.values.level, this.layers.length);
    this.unit = Math.min(this.values.unit, this.units[this.level] - 1);
    this.#drawStack(reads(this.layers, this.level, this.unit, this.units));
    this.#drawTable();
    this.#explain();
  }

  // The drawing: every unit stands over the middle of the inputs that it sees.

  #drawStack(seen) {
    const focused = this.drawing.contains(this.shadowRoot.activeElement);
    const top = this.layers.length;
    const [left, right] = this.#ends(seen);
    const place = { x: (level, unit) => 76 + (this.#centre(level, unit) - left + 0.5) * CELL, y: (level) => 24 + (top - level) * LEVEL };
    const [width, height] = [76 + (right - left + 1) * CELL + 6, 24 + top * LEVEL + 40];
    const rows = this.units.map((_, level) => this.#row(level, seen[level] ?? [], place));
    const label = `${top} layers above ${this.units[0]} inputs. Left and right choose a unit, up and down a layer.`;
    const drawing = svg(
      "svg",
      { class: "stack", role: "group", "aria-label": label, width, height, style: `--own: ${width}px`, viewBox: `0 0 ${width} ${height}` },
      this.#lines(seen, place),
      rows,
      this.#span(place),
    );
    drawing.addEventListener("keydown", (event) => this.#walk(event));
    this.drawing.replaceChildren(drawing);
    if (focused) drawing.querySelector(".chosen").focus();
  }

  /** The leftmost and the rightmost place of the drawing, in inputs. */
  #ends(seen) {
    const { start, stop } = inputWindow(this.fields[this.level], this.unit);
    const shownAt = this.units.flatMap((count, level) => [0, count - 1, ...(seen[level] ?? [])].map((unit) => this.#centre(level, unit)));
    return [Math.min(start, ...shownAt), Math.max(stop - 1, ...shownAt)];
  }

  #centre = (level, unit) => inputWindow(this.fields[level], unit).centre;

  #row(level, seen, place) {
    const count = this.units[level];
    const there = Array.from({ length: count }, (_, unit) => unit);
    const outside = seen.filter((unit) => unit < 0 || unit >= count);
    const name = svg(
      "text",
      { class: "level", x: 0, y: place.y(level), "dominant-baseline": "central" },
      level ? `layer ${level}` : "input",
    );
    return [
      name,
      ...outside.map((unit) => this.#padding(level, unit, place)),
      ...there.map((unit) => this.#unit(level, unit, seen, place)),
    ];
  }

  #unit(level, unit, seen, place) {
    const chosen = level === this.level && unit === this.unit;
    const { start, stop } = inputWindow(this.fields[level], unit);
    const name = level ? `Layer ${level}, unit ${unit}: inputs ${shown(start)} to ${shown(stop - 1)}` : `Input ${unit}`;
    const kind = chosen ? "unit chosen" : seen.includes(unit) ? "unit read" : "unit";
    const attributes = {
      class: kind,
      role: "button",
      "aria-label": name,
      "aria-pressed": String(chosen),
      tabindex: chosen ? 0 : -1,
      onclick: () => this.set({ level, unit }),
    };
    return svg(
      "g",
      attributes,
      this.#square(level, unit, place),
      svg("text", { x: place.x(level, unit), y: place.y(level) }, String(unit)),
    );
  }

  #padding(level, unit, place) {
    return svg(
      "g",
      { class: "unit padding read" },
      this.#square(level, unit, place),
      svg("text", { x: place.x(level, unit), y: place.y(level) }, "0"),
    );
  }

  #square = (level, unit, place) =>
    svg("rect", { x: place.x(level, unit) - CELL / 2 + 1, y: place.y(level) - CELL / 2 + 1, width: CELL - 2, height: CELL - 2, rx: 3 });

  /** A line from each unit that takes part to each place that it reads. */
  #lines(seen, place) {
    return seen.slice(1).flatMap((units, below) => {
      const { kernel, stride, padding, dilation } = this.layers[below];
      const there = units.filter((unit) => unit >= 0 && unit < this.units[below + 1]);
      const taps = Array.from({ length: kernel }, (_, tap) => tap * dilation - padding);
      return there.flatMap((unit) =>
        taps.map((tap) =>
          svg("line", {
            class: "reads",
            x1: place.x(below + 1, unit),
            y1: place.y(below + 1),
            x2: place.x(below, unit * stride + tap),
            y2: place.y(below),
          }),
        ),
      );
    });
  }

  /** A bracket below the inputs: the receptive field with its length. */
  #span(place) {
    const { start, stop } = inputWindow(this.fields[this.level], this.unit);
    const [from, to] = [place.x(0, start) - CELL / 2 + 2, place.x(0, stop - 1) + CELL / 2 - 2];
    const y = place.y(0) + CELL / 2 + 3;
    const label = svg(
      "text",
      { class: "level", x: Math.max((from + to) / 2, 90), y: y + 17, "text-anchor": "middle" },
      `field ${stop - start}`,
    );
    return [svg("path", { class: "span", d: `M${from} ${y}v5H${to}v-5` }), label];
  }

  /** Left and right: units of the layer. Up and down: the nearest unit of the next layer. */
  #walk(event) {
    const [across, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [null];
    if (across === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const level = Math.min(Math.max(this.level + up, 0), this.layers.length);
    const wish = up ? (this.#centre(this.level, this.unit) - this.#centre(level, 0)) / this.fields[level].jump : this.unit + across;
    this.set({ level, unit: Math.min(Math.max(Math.round(wish), 0), this.units[level] - 1) });
  }

  // The table: the layers to be edited, and what the formula gives for them.

  #drawTable() {
    const key = String(this.layers.length);
    if (this.key !== key) {
      this.key = key;
      this.rows = this.layers.map((_, index) => this.#editor(index));
      this.body.replaceChildren(...this.rows.map(({ row }) => row).reverse(), this.#inputRow());
    }
    this.rows.forEach(({ row, controls, results }, index) => {
      for (const [part, control] of Object.entries(controls)) control.show(this.layers[index][part]);
      const { size, jump } = this.fields[index + 1];
      const { start, stop } = inputWindow(this.fields[index + 1], 0);
      [size, jump, this.units[index + 1] ?? "–", `${shown(start)} … ${shown(stop - 1)}`].forEach(
        (value, place) => (results[place].textContent = value),
      );
      if (index + 1 === this.level && this.units.length) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    this.body.querySelector(".inputs").textContent = this.values.inputs;
  }

  #editor(index) {
    const complain = (message) => (this.problem.textContent = message);
    const controls = Object.fromEntries(
      Object.entries(PARTS).map(([part, name]) => {
        const [min, max] = limits(part);
        const setting = number(name, { initial: min, min, max });
        return [
          part,
          numberControl(setting, (value) => this.#store(this.layers.with(index, { ...this.layers[index], [part]: value })), complain),
        ];
      }),
    );
    const cells = Object.entries(controls).map(([part, control]) => {
      const field = control.element.querySelector("input");
      field.setAttribute("aria-label", `Layer ${index + 1}: ${PARTS[part]}`);
      return html("td", {}, field);
    });
    const results = Array.from({ length: 4 }, () => html("td"));
    const remove = html(
      "button",
      {
        type: "button",
        "aria-label": `Remove layer ${index + 1}`,
        disabled: this.layers.length === 1,
        onclick: () => this.#store(this.layers.toSpliced(index, 1)),
      },
      "×",
    );
    return {
      row: html("tr", {}, html("th", { scope: "row" }, `layer ${index + 1}`), cells, results, html("td", {}, remove)),
      controls,
      results,
    };
  }

  #inputRow() {
    const cells = ["", "", "", "", "1", "1", null, "0 … 0", ""].map((value) =>
      html("td", { class: value === null ? "inputs" : null }, value ?? ""),
    );
    return html("tr", {}, html("th", { scope: "row" }, "input"), cells);
  }

  #store(layers) {
    this.set({ layers: formatStack(layers) });
  }

  /** The formula of the chosen layer with its numbers, and the unit's window in words. */
  #explain() {
    const { start, stop, centre } = inputWindow(this.fields[this.level], this.unit);
    const { kernel, stride, dilation } = this.layers[this.level - 1] ?? {};
    const [below, now] = [this.fields[this.level - 1], this.fields[this.level]];
    this.formula.textContent = this.level
      ? `r = ${below.size} + ${dilation}·(${kernel} − 1)·${below.jump} = ${now.size};  j = ${below.jump}·${stride} = ${now.jump};  ` +
        `start = ${shown(now.start)} + ${this.unit}·${now.jump} = ${shown(start)};  centre = ${shown(start)} + (${now.size} − 1)/2 = ${shown(centre)}`
      : "An input sees itself: r = 1, j = 1.";
    const [missing, beyond] = [Math.max(0, -start), Math.max(0, stop - this.units[0])];
    const outside = missing + beyond ? ` ${Math.min(missing + beyond, stop - start)} of these places lie outside the input.` : "";
    const unit = this.level ? `Layer ${this.level}, unit ${this.unit}` : `Input ${this.unit}`;
    this.say(
      `${unit} sees inputs ${shown(start)} to ${shown(stop - 1)}: field ${now.size}, jump ${now.jump}, centre ${shown(centre)}.${outside}`,
    );
  }
}

FieldExplorer.register("field-explorer");
