// Batch normalisation of one channel: what a batch becomes in training and in evaluation, and how the running statistics follow.

import { html, shown } from "./lib/dom.mjs";
import { gridStyle, NumberGrid, sizeFields } from "./lib/grid.mjs";
import { choice, grid, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { normalised, statistics, step } from "./maths/normalisation.mjs";

const START = { mean: 0, variance: 1 };

export class NormExplorer extends Visualiser {
  static title = "Batch normalisation of one channel";

  static settings = {
    batch: grid("A batch: a picture a row, a place a column", {
      initial: [
        [1, 3],
        [5, 7],
      ],
      sizes: [1, 6],
    }),
    mode: choice("Mode", { initial: "training", options: { training: "training", eval: "evaluation" } }),
    momentum: number("Momentum", { initial: 0.1, min: 0, max: 1, step: 0.01 }),
    steps: number("Batches seen before", { initial: 0, min: 0, max: 200 }),
    gamma: number("γ", { initial: 1, min: -9, max: 9, step: 0.1 }),
    beta: number("β", { initial: 0, min: -9, max: 9, step: 0.1 }),
  };

  static css = `${gridStyle}
    .numbers { border-collapse: collapse; margin-top: 1rem; font-variant-numeric: tabular-nums; }
    .numbers th, .numbers td { padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; border: 0; font-weight: inherit; background: none; }
    .numbers .used { font-weight: 600; }
  `;

  prepare() {
    const { batch } = NormExplorer.settings;
    const change = (rows) => this.set({ batch: rows });
    const entry = number("Entry", { initial: 0, min: -99, max: 99, step: 0.001 });
    this.batch = new NumberGrid({ label: "Batch", entry, change, complain: (text) => (this.problem.textContent = text) });
    this.size = sizeFields("Batch", batch.sizes, change);
    this.batch.element.append(this.size.element);
    this.output = new NumberGrid({ label: "Normalised" });
    this.numbers = html("table", { class: "numbers" });
    this.stage.append(html("div", { class: "grids" }, this.batch.element, this.output.element), this.numbers);
  }

  draw() {
    const { batch, mode, momentum, steps, gamma, beta } = this.values;
    const values = batch.flat();
    let running = START;
    for (let k = 0; k < steps; k++) running = step(running, values, momentum);
    const own = statistics(values);
    const training = mode === "training";
    const output = normalised(values, training ? own : running, { gamma, beta });
    const width = batch[0].length;
    this.size.show(batch);
    this.batch.show(batch, {
      name: `Batch of ${batch.length} ${batch.length === 1 ? "picture" : "pictures"}, ${width} ${width === 1 ? "place" : "places"}`,
    });
    this.output.show(batch.map((row, r) => output.slice(r * width, r * width + row.length)));
    this.#drawNumbers(own, running, step(running, values, momentum), training);
    this.say(this.#told(values, training, own, running));
  }

  #drawNumbers(own, running, after, training) {
    const line = (name, { mean, variance }, used) =>
      html(
        "tr",
        used ? { class: "used" } : {},
        html("th", { scope: "row" }, name),
        html("td", {}, shown(mean)),
        html("td", {}, Number.isNaN(variance) ? "none" : shown(variance)),
      );
    const head = html("tr", {}, html("td", {}, ""), html("th", { scope: "col" }, "mean"), html("th", { scope: "col" }, "variance"));
    const rows = [line("of the batch", own, training), line("running", running, !training)];
    if (training) rows.push(line("running, after this batch", after, false));
    this.numbers.replaceChildren(html("tbody", {}, head, rows));
  }

  #told(values, training, own, running) {
    if (training && values.length === 1)
      return "A single value is its own mean: whatever it is, β comes out. It has no unbiased variance, and PyTorch refuses it.";
    if (training) return "The batch's own mean and variance normalise: each number depends on all the others.";
    const far = Math.abs(running.mean - own.mean) > 0.1 * Math.sqrt(own.variance + 1e-9);
    return `The running mean and variance normalise: each number for itself.${far ? " They are still far from the batch's: has too little been seen?" : ""}`;
  }
}

NormExplorer.register("norm-explorer");
