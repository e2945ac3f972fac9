// Sizes, parameters and multiply–accumulates of a stack of layers that the reader edits.

import { html } from "./lib/dom.mjs";
import { number, text, toggle } from "./lib/settings.mjs";
import { numberControl, toggleControl, Visualiser } from "./lib/visualiser.mjs";
import {
  formatLayer,
  formatLayers,
  KINDS,
  limits,
  parseLayers,
  parts,
  PRESETS,
  standard,
  through,
  totals,
  written,
} from "./maths/layers.mjs";

const FRESH = { conv: "conv 8 3 p1", max: "max 2", avg: "avg 2", flatten: "flatten", linear: "linear 10" };
const LABELS = {
  filters: "Filters",
  kernel: "Kernel",
  stride: "Stride",
  padding: "Padding",
  dilation: "Dilation",
  groups: "Groups",
  units: "Units",
  inputs: "Built for (0: any)",
};

export class LayerCalculator extends Visualiser {
  static title = "Sizes and costs of a stack of layers";

  static settings = {
    channels: number("Channels", { initial: 1, min: 1, max: 4096 }),
    height: number("Height", { initial: 28, min: 1, max: 4096 }),
    width: number("Width", { initial: 28, min: 1, max: 4096 }),
    layers: text("Layers", { initial: PRESETS.lenet.layers, read: parseLayers }),
    layer: number("Layer", { initial: 1, min: 1, max: 99 }),
  };

  static css = `
    .scroll { overflow-x: auto; padding: 4px; margin: -4px; }
    table { width: 100%; }
    th, td { text-align: left; vertical-align: top; padding-inline: 0.4rem; }
    td.result { text-align: right; white-space: nowrap; }
    .why { display: block; color: var(--muted); font-size: 0.78rem; white-space: normal; }
    tr[aria-current] > * { background: var(--yellow-soft); }
    tr[aria-current] .why { color: var(--ink); }
    tr.wrong > * { border-top: 2px solid var(--orange); }
    tfoot td, tfoot th { font-weight: 600; }
    .card { container-type: inline-size; }
    .sums { display: none; margin: 0.5rem 0 0; font-size: 0.85rem; }
    .sums dt { font-weight: 600; } .sums dd { margin: 0 0 0.2rem; }
    @container (max-width: 38rem) {
      .why { display: none; } .sums { display: block; }
      th, td { padding: 0.2rem 0.3rem; font-size: 0.85rem; }
      .row { padding-inline: 0.3rem; font-size: 0.8rem; min-height: 1.9rem; }
    }
    .row { text-align: left; padding: 0.1rem 0.5rem; white-space: nowrap; width: 100%; }
    .editor { border: 1px solid var(--line); border-radius: 0.3rem; padding: 0.5rem 0.75rem 0.75rem; margin: 0.75rem 0 0; min-width: 0; }
    .editor legend { font-weight: 600; padding-inline: 0.3rem; }
    .fields { display: flex; flex-wrap: wrap; gap: 0.4rem 0.75rem; align-items: end; margin-bottom: 0.6rem; }
    .fields input[type="number"] { width: 4.4rem; }
    .fields label { display: inline-flex; flex-direction: column; font-size: 0.85rem; gap: 0.15rem; }
    .fields label.toggle { flex-direction: row; align-items: center; gap: 0.4rem; padding-block: 0.4rem; }
  `;

  /** The layer being edited is chosen in the table. */
  control(name, setting) {
    return name === "layer" ? null : super.control(name, setting);
  }

  prepare() {
    const options = Object.entries(PRESETS).map(([value, { words }]) => html("option", { value }, words));
    this.named = html("select", { onchange: () => this.#take(this.named.value) }, options, html("option", { value: "own" }, "your own"));
    this.panel.querySelector("legend").after(html("label", {}, "Network", this.named));
    this.body = html("tbody", { onkeydown: (event) => this.#walk(event) });
    this.foot = html("tfoot");
    this.sums = html("dl", { class: "sums" });
    const head = html(
      "thead",
      {},
      html(
        "tr",
        {},
        ["Layer", "Output", "Parameters", "Multiply–accumulates"].map((name) => html("th", { scope: "col" }, name)),
      ),
    );
    this.fields = html("div", { class: "fields" });
    this.legend = html("legend");
    this.editor = html("fieldset", { class: "editor" }, this.legend, this.fields, this.#buttons());
    this.stage.append(
      html("div", { class: "scroll" }, html("table", { "aria-label": "Layers" }, head, this.body, this.foot)),
      this.sums,
      this.editor,
    );
  }

  draw() {
    const { channels, height, width } = this.values;
    this.layers = parseLayers(this.values.layers);
    this.chosen = Math.min(this.values.layer, this.layers.length) - 1;
    const steps = [];
    const trouble = this.#follow(steps, [channels, height, width]);
    this.#drawTable([channels, height, width], steps, trouble);
    this.#drawSums(steps[this.chosen]);
    this.#drawEditor();
    const same = ([, { shape, layers }]) => layers === formatLayers(this.layers) && shape.join() === [channels, height, width].join();
    this.named.value = Object.entries(PRESETS).find(same)?.[0] ?? "own";
    if (trouble) this.complain(trouble);
    else this.#tell(steps);
  }

  /** Collects what comes out of each layer; returns why it stops early, if it does. */
  #follow(steps, shape) {
    try {
      for (const step of through(this.layers, shape)) steps.push(step);
      return null;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return error.message;
    }
  }

  #tell(steps) {
    const { shape, parameters, operations } = steps[this.chosen];
    const sum = totals(steps);
    this.say(
      `Layer ${this.chosen + 1} of ${steps.length}, ${KINDS[this.layers[this.chosen].kind].words}: output ${shape.map(written).join(" × ")}, ` +
        `${written(parameters)} parameters, ${written(operations)} multiply–accumulates. ` +
        `All together: ${written(sum.parameters)} parameters, ${written(sum.operations)} multiply–accumulates.`,
    );
  }

  #drawTable(input, steps, trouble) {
    const focused = this.body.contains(this.shadowRoot.activeElement);
    const first = html("tr", {}, html("th", { scope: "row" }, "input"), html("td", {}, input.join(" × ")), html("td"), html("td"));
    this.body.replaceChildren(
      first,
      ...this.layers.map((layer, index) => this.#row(layer, index, steps[index], trouble && index === steps.length)),
    );
    const sum = totals(steps);
    const cells = [sum.parameters, sum.operations].map((count) => html("td", { class: "result" }, trouble ? "" : written(count)));
    this.foot.replaceChildren(html("tr", {}, html("th", { scope: "row", colspan: 2 }, "all together"), cells));
    if (focused) this.body.querySelector("tr[aria-current] button").focus();
  }

  #row(layer, index, step, wrong) {
    const current = index === this.chosen;
    const name = html(
      "button",
      { type: "button", class: "row", tabindex: current ? 0 : -1, onclick: () => this.set({ layer: index + 1 }) },
      `${index + 1}  ${formatLayer(layer)}`,
    );
    const figure = (result, why) => html("td", { class: "result" }, result, html("span", { class: "why" }, why));
    const cells = step
      ? [
          figure(step.shape.map(written).join(" × "), step.size),
          figure(written(step.parameters), step.counted),
          figure(written(step.operations), step.work),
        ]
      : [html("td", { colspan: 3 }, wrong ? "✗ doesn't fit" : "not reached")];
    return html(
      "tr",
      { "aria-current": current ? "true" : null, class: wrong ? "wrong" : null },
      html("th", { scope: "row" }, name),
      cells,
    );
  }

  /** Where the table is too narrow for the sums behind its numbers, those of the chosen layer stand below it. */
  #drawSums(step) {
    const lines = step ? { Output: step.size, Parameters: step.counted, "Multiply–accumulates": step.work } : {};
    this.sums.replaceChildren(...Object.entries(lines).flatMap(([name, sum]) => [html("dt", {}, name), html("dd", {}, sum)]));
  }

  /** Fields of the chosen layer; made anew only when another kind of layer is chosen, so that typing goes on undisturbed. */
  #drawEditor() {
    const layer = this.layers[this.chosen];
    this.legend.textContent = `Layer ${this.chosen + 1}: ${KINDS[layer.kind].words}`;
    const key = `${this.chosen} ${layer.kind}`;
    if (this.key !== key) {
      this.key = key;
      this.parts = Object.fromEntries(parts(layer.kind).map((part) => [part, this.#field(part)]));
      if (KINDS[layer.kind].bias) this.parts.bias = toggleControl(toggle("Bias"), (bias) => this.#change({ bias }));
      this.kind = html(
        "select",
        { onchange: () => this.#replace(this.kind.value) },
        Object.entries(KINDS).map(([value, { words }]) => html("option", { value }, words)),
      );
      this.fields.replaceChildren(html("label", {}, "Kind", this.kind), ...Object.values(this.parts).map(({ element }) => element));
    }
    this.kind.value = layer.kind;
    for (const [part, control] of Object.entries(this.parts)) control.show(layer[part]);
    this.removal.disabled = this.layers.length === 1;
    this.up.disabled = this.chosen === 0;
    this.down.disabled = this.chosen === this.layers.length - 1;
  }

  #field(part) {
    const [min, max] = limits(part);
    return numberControl(
      number(LABELS[part], { initial: min, min, max }),
      (value) => this.#change({ [part]: value }),
      (message) => (this.problem.textContent = message),
    );
  }

  #buttons() {
    const button = (name, action) => html("button", { type: "button", onclick: action }, name);
    const swap = (distance) => () => {
      const layers = this.layers.toSpliced(this.chosen, 1);
      this.#store(layers.toSpliced(this.chosen + distance, 0, this.layers[this.chosen]), this.chosen + distance);
    };
    this.up = button("Move up", swap(-1));
    this.down = button("Move down", swap(1));
    this.removal = button("Remove", () => this.#store(this.layers.toSpliced(this.chosen, 1), Math.max(0, this.chosen - 1)));
    const add = () => this.#store(this.layers.toSpliced(this.chosen + 1, 0, parseLayers(FRESH.conv)[0]), this.chosen + 1);
    return html("div", { class: "buttons" }, button("Add a layer below", add), this.up, this.down, this.removal);
  }

  /** Changes parts of the chosen layer. A pooling whose stride was its window keeps it so. */
  #change(changes) {
    const layer = this.layers[this.chosen];
    const follows = "kernel" in changes && layer.kind !== "conv" && layer.stride === standard(layer, "stride");
    const changed = { ...layer, ...changes, ...(follows && { stride: changes.kernel }) };
    this.#store(this.layers.with(this.chosen, changed), this.chosen);
  }

  #replace(kind) {
    this.#store(this.layers.with(this.chosen, parseLayers(FRESH[kind])[0]), this.chosen);
  }

  #store(layers, chosen) {
    try {
      const words = formatLayers(layers);
      parseLayers(words);
      this.set({ layers: words, layer: chosen + 1 });
    } catch (error) {
      this.complain(error.message);
    }
  }

  #take(name) {
    if (!PRESETS[name]) return;
    const {
      shape: [channels, height, width],
      layers,
    } = PRESETS[name];
    this.set({ channels, height, width, layers, layer: 1 });
  }

  /** Up and down in the table lead from layer to layer. */
  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -this.chosen, End: this.layers.length - 1 - this.chosen }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.set({ layer: Math.min(Math.max(this.chosen + step, 0), this.layers.length - 1) + 1 });
  }
}

LayerCalculator.register("layer-calculator");
