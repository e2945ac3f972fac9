// What several visualisers share: matrices as tables, number fields, numbers as text, arrow keys.

import { html, shown } from "./lib/dom.mjs";

/** Style rules for what this module makes. */
export const css = `
.flow { display: flex; flex-wrap: wrap; gap: 0.75rem 1.5rem; align-items: flex-start; }
table.map { border-collapse: collapse; }
table.map caption { font-size: 0.85rem; padding: 0 0 0.25rem; font-weight: 600; }
table.map td { width: var(--cell, 2rem); min-width: var(--cell, 2rem); height: var(--cell, 2rem); padding: 0; }
table.map td { text-align: center; font-size: var(--digits, 0.85rem); line-height: 1; }
table.map td.zero { color: var(--muted); }
table.map td.positive { background: var(--blue-soft); }
table.map td.negative { background: var(--orange-soft); }
`;

/** The class that says the sign of a number; its colour is no more than the sign it repeats. */
export const sign = (value) => (value > 0 ? "positive" : value < 0 ? "negative" : "zero");

/**
 * A matrix as a table.
 * @param {string} title its caption
 * @param {number[][]} values
 * @param {{ look?: (i: number, j: number) => string, digits?: number, text?: (i: number, j: number) => string }} how
 *   further classes of a cell, digits behind the point, what stands in a cell instead of its number
 */
export function matrixTable(title, values, { look = () => "", digits = 2, text } = {}) {
  const cell = (value, i, j) =>
    html("td", { class: `${sign(value)} ${look(i, j)}`, "data-at": `${i},${j}` }, text ? text(i, j) : shown(value, digits));
  const rows = values.map((row, i) =>
    html(
      "tr",
      {},
      row.map((value, j) => cell(value, i, j)),
    ),
  );
  return html("table", { class: "map" }, html("caption", {}, title), html("tbody", {}, rows));
}

/** A number field without a visible label; `label` is what a screen reader calls it. */
export function numberField(label, entry, change, complain) {
  const read = () => {
    try {
      const value = entry.parse(input.value);
      input.removeAttribute("aria-invalid");
      change(value);
    } catch (error) {
      input.setAttribute("aria-invalid", "true");
      complain(error.message);
    }
  };
  const input = html("input", { type: "number", step: "any", min: entry.min, max: entry.max, "aria-label": label, oninput: read });
  return input;
}

/** Writes a number into its field, unless it stands there already, perhaps half typed. */
export function showNumber(input, value) {
  if (Number(input.value) !== value || input.value === "") input.value = String(value);
  input.removeAttribute("aria-invalid");
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";

/** A number set low, as in h₁₂. */
export const low = (number) => String(number).replace(/\d/g, (digit) => LOWERED[digit]);

/** A number with so many digits behind the point; as 4.7·10⁻⁵ where that would show too few of them, or is very long. */
export function scientific(value, digits = 3) {
  const small = value !== 0 && Math.abs(value) < 10 ** -digits;
  if (!Number.isFinite(value) || (!small && Math.abs(value) < 1e5)) return shown(value, digits);
  const [front, power] = value.toExponential(1).split("e");
  return `${front}·10${power
    .replace("+", "")
    .replace("-", "⁻")
    .replace(/\d/g, (digit) => RAISED[digit])}`.replace("-", "−");
}

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The [down, right] of an arrow key, or null; the page then doesn't scroll. */
export function arrow(event) {
  const move = event.altKey || event.ctrlKey || event.metaKey ? undefined : ARROWS[event.key];
  if (!move) return null;
  event.preventDefault();
  return move;
}
