// <softmax-explorer>: logits by sliders; probabilities, cross-entropy, its gradient, and what computers make of them.

import { css, numberField, scientific, showNumber } from "./fields.mjs";
import { html, shown } from "./lib/dom.mjs";
import { choice, grid, number, toggle } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { changed, crossEntropy, gradient, inBits, softmax } from "./maths/softmax.mjs";

const CLASSES = ["dog", "cat", "bird", "horse", "frog"];
const entry = number("Logit", { initial: 0, min: -1000, max: 1000, step: 0.5 });

class SoftmaxExplorer extends Visualiser {
  static title = "Softmax and cross-entropy";
  static settings = {
    classes: number("Classes", { initial: 3, min: 2, max: 5 }),
    truth: choice("Right class", { initial: "dog", options: Object.fromEntries(CLASSES.map((name) => [name, name])) }),
    logits: grid("Logits", { initial: [[1.8871, 0.8755, 0, 0, 0]], min: -1000, max: 1000, sizes: [1, 5] }),
    scale: number("Multiply all by", { initial: 1, min: -20, max: 20, step: 0.5 }),
    shift: number("Add to all", { initial: 0, min: -2000, max: 2000, step: 0.5 }),
    temperature: number("Temperature", { initial: 1, min: 0.05, max: 20, step: 0.05 }),
    stable: toggle("Subtract the largest first", { initial: true }),
    bits: choice("Numbers of", { initial: "64", options: { 64: "64 bits (NumPy)", 32: "32 bits (PyTorch)" } }),
  };
  static css = `${css}
.scores { width: 100%; }
.scores th, .scores td { padding: 0.25rem 0.4rem; }
.scores td.logit { min-width: 6.5rem; }
.scores input[type="number"] { width: 5.4rem; }
.scores input[type="range"] { width: 100%; min-width: 4.5rem; min-height: 1.75rem; display: block; margin: 0; }
.scores tr.right th { outline: 2px solid var(--accent); outline-offset: -3px; }
.bar { position: relative; height: 0.7rem; border: 1px solid var(--line); border-radius: 2px; margin-top: 0.2rem; min-width: 4.5rem; }
.bar i { position: absolute; inset-block: 0; background: var(--blue); }
.bar.signed i.negative { background: repeating-linear-gradient(45deg, var(--orange) 0 3px, transparent 3px 5px); border: 1px solid var(--orange); }
.bar.signed::after { content: ""; position: absolute; left: 50%; inset-block: -2px; border-left: 1px solid var(--ink); }
.loss { font-size: 1.05rem; margin: 0.75rem 0 0; }
.scroll { overflow-x: auto; }
.broken { color: var(--orange); font-weight: 700; }
@media (max-width: 34rem) {
  .scores, .scores tbody { display: block; }
  .scores thead { display: none; }
  .scores tr { display: grid; grid-template-columns: 1fr 1fr 1fr; border: 1px solid var(--line); margin-bottom: 0.5rem; }
  .scores th[scope="row"] { grid-column: 1 / -1; text-align: left; border: 0; }
  .scores td { border: 0; text-align: left; }
  .scores td.logit { grid-row: span 2; min-width: 0; }
  .scores td.target { display: none; }
  .scores td::before { content: attr(data-name) " "; color: var(--muted); font-size: 0.8rem; display: block; }
}
`;

  prepare() {
    this.rows = CLASSES.map((name, i) => this.#row(name, i));
    const head = ["class", "logit z", "goes into exp", "exp", "probability p", "y", "gradient p − y"].map((text) =>
      html("th", { scope: "col", role: "columnheader" }, text),
    );
    const top = html("thead", { role: "rowgroup" }, html("tr", { role: "row" }, head));
    // The roles are said, because on a narrow page the rows become cards, and would lose them.
    const caption = html("caption", { class: "sr" }, "From logits to probabilities and gradient");
    const table = html(
      "table",
      { class: "scores", role: "table" },
      caption,
      top,
      html(
        "tbody",
        { role: "rowgroup" },
        this.rows.map((row) => row.element),
      ),
    );
    this.loss = html("p", { class: "loss" });
    this.facts = html("p", { class: "note" });
    this.table = html("div", { class: "scroll" }, table);
  }

  /** One class: a number field and a slider for its logit, and cells for what follows from it. */
  #row(name, i) {
    const field = numberField(
      `Logit of ${name}`,
      entry,
      (value) => this.set({ logits: this.#with(i, value) }),
      (message) => (this.problem.textContent = message),
    );
    // A slider tells of every pixel it moves by; the address follows when it is let go.
    const preview = () => (Object.assign(this.values, { logits: this.#with(i, Number(slider.value)) }), this.refresh());
    const slider = html("input", {
      type: "range",
      min: -6,
      max: 6,
      step: 0.1,
      "aria-label": `Logit of ${name}, slider`,
      oninput: preview,
      onchange: () => this.set({}),
    });
    const names = { exponent: "goes into exp", exponential: "exp", p: "probability p", target: "y", slope: "gradient p − y" };
    const cells = Object.fromEntries(
      Object.entries(names).map(([key, text]) => [key, html("td", { role: "cell", class: key, "data-name": text, "data-value": key })]),
    );
    const title = html("th", { scope: "row", role: "rowheader" }, name);
    return {
      element: html(
        "tr",
        { role: "row" },
        title,
        html("td", { role: "cell", class: "logit", "data-name": "logit z" }, field, slider),
        Object.values(cells),
      ),
      title,
      field,
      slider,
      cells,
    };
  }

  #with(i, value) {
    return [this.logits.map((old, k) => (k === i ? value : old))];
  }

  /** All five logits, also those of classes that aren't shown. */
  get logits() {
    const given = this.values.logits.flat();
    return CLASSES.map((_, i) => given[i] ?? 0);
  }

  draw() {
    const { classes, truth, stable, bits } = this.values;
    this.right = CLASSES.indexOf(truth);
    if (this.right >= classes)
      throw new RangeError(
        `The right class is ${truth}, but only ${CLASSES.slice(0, classes).join(", ")} are there. Choose another, or more classes.`,
      );
    if (!this.table.isConnected) this.stage.replaceChildren(this.table, this.loss, this.facts);
    const z = changed(this.logits.slice(0, classes), this.values);
    const result = softmax(z, { stable, bits });
    const slopes = gradient(result.p, this.right);
    this.rows.forEach((row, i) => this.#show(row, i, { ...result, slopes }));
    this.#tell(z, result, crossEntropy(z, this.right, { stable, bits }));
  }

  #show({ element, title, field, slider, cells }, i, { u, exponentials, p, slopes }) {
    element.hidden = i >= p.length;
    showNumber(field, this.logits[i]);
    slider.value = this.logits[i];
    if (element.hidden) return;
    element.classList.toggle("right", i === this.right);
    title.textContent = i === this.right ? `${CLASSES[i]} (right)` : CLASSES[i];
    cells.exponent.textContent = shown(u[i]);
    cells.exponential.textContent = scientific(exponentials[i]);
    cells.p.replaceChildren(broken(p[i]), bar(p[i]));
    cells.target.textContent = i === this.right ? "1" : "0";
    cells.slope.replaceChildren(broken(slopes[i]), bar(slopes[i], true));
  }

  #tell(z, { sum, p }, loss) {
    const right = CLASSES[this.right];
    const number = (value) => (Number.isNaN(value) ? "undefined (NaN)" : shown(value));
    this.loss.replaceChildren(
      `Cross-entropy: −ln p(${right}) = `,
      html("strong", { "data-value": "loss" }, number(loss)),
      ` (natural log), ${number(inBits(loss))} with log₂. Sum of the exponentials: ${scientific(sum)}.`,
    );
    this.facts.textContent = this.#facts(z, p);
    this.say(this.#verdict(p, sum, loss));
  }

  /** What is to be seen, or what went wrong. */
  #verdict(p, sum, loss) {
    const right = CLASSES[this.right];
    if (p.some(Number.isNaN)) {
      const quotient = sum === 0 ? "All exponentials are rounded to 0, and 0 divided by 0" : "The exponentials overflow: ∞ divided by ∞";
      return `${quotient} is undefined (NaN). Subtract the largest logit first, and all is well.`;
    }
    if (loss === Infinity) {
      return `The probability of ${right} is rounded to 0, and −ln 0 is infinite. With the largest subtracted, the loss needs no such logarithm.`;
    }
    return `Probabilities: ${p.map((value, i) => `${CLASSES[i]} ${shown(value)}`).join(", ")}. Loss ${shown(loss)}.`;
  }

  /** What the changes to all logits do, compared with the logits as they are. */
  #facts(z, p) {
    const { scale, shift, temperature, classes } = this.values;
    const factor = scale / temperature;
    const plain = softmax(changed(this.logits.slice(0, classes), { scale, temperature })).p;
    const apart = Math.max(...p.map((value, i) => Math.abs(value - plain[i])));
    const added =
      shift === 0
        ? ""
        : Number.isNaN(apart)
          ? ""
          : `Adding ${shown(shift)} to all logits changes ${apart < 1e-6 ? "no probability" : `probabilities by up to ${shown(apart, 6)}, by rounding`}. `;
    const times =
      factor === 1
        ? ""
        : `Softmax gets every logit times ${shown(scale)} / ${shown(temperature)} = ${shown(factor)}: the probabilities are ${Math.abs(factor) > 1 ? "sharper" : "more even"}. `;
    return `${added}${times}A model that knows nothing has the loss ln ${classes} = ${shown(Math.log(classes))}.`;
  }
}

const broken = (value) => (Number.isNaN(value) ? html("span", { class: "broken" }, "NaN") : shown(value));

/** A bar as long as a probability, or from the middle to the left or right for a signed number from −1 to 1. */
function bar(value, signed = false) {
  if (!Number.isFinite(value)) return "";
  const [left, width] = signed ? [value < 0 ? 50 + 50 * value : 50, 50 * Math.abs(value)] : [0, 100 * value];
  return html(
    "div",
    { class: `bar ${signed ? "signed" : ""}`, "aria-hidden": "true" },
    html("i", { class: value < 0 ? "negative" : "", style: `left:${left}%;width:${width}%` }),
  );
}

SoftmaxExplorer.register("softmax-explorer");
