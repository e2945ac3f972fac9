// A table of numbers that arrow keys walk through, to be edited or only read.
//
//   const grid = new NumberGrid({ label: "Kernel", entry: number("Weight", { initial: 0 }), change: (rows) => this.set({ kernel: rows }) });
//   grid.show([[1, 0], [0, -1]], { look: (row, column) => ({ class: "window", note: "×2" }) });
//
// Without `entry` nothing can be edited, and the cells themselves take the focus; `move(row, column)` then tells
// where the reader goes. One cell of a grid is in the order of the Tab key, the arrow keys lead to the others.

import { html, shown } from "./dom.mjs";

/** The style of grids, to be put in front of a visualiser's own rules. */
export const gridStyle = `
.grids { display: flex; flex-wrap: wrap; gap: 0.75rem 1.75rem; align-items: flex-start; }
.panel { max-width: 100%; min-width: 0; }
.panel > .name { margin: 0 0 0.3rem; font-weight: 600; }
.panel > .scroll { overflow-x: auto; padding: 4px; margin: -4px; }
table.grid { border-collapse: separate; border-spacing: 2px; }
.grid td { position: relative; padding: 0; min-width: 2.1rem; height: 2.1rem; text-align: center; background: var(--ground); border: 1px solid var(--line); }
.grid td[tabindex] { padding-inline: 0.3rem; cursor: pointer; }
.grid td[aria-selected="true"] { outline: 3px solid var(--accent); outline-offset: -2px; font-weight: 700; }
.grid td:focus-visible, .grid input:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; z-index: 1; }
.grid input { width: 2.6rem; min-height: 2.1rem; height: 100%; padding: 0; border: 0; background: transparent; text-align: center; border-radius: 0; }
.grid .noted input, .grid .noted .number { display: inline-block; padding-bottom: 0.75rem; }
.grid .note-below { position: absolute; inset: auto 2px 0 auto; margin: 0; font-size: 0.72rem; line-height: 1.15; color: var(--ink); pointer-events: none; }
.grid td.noted { height: 2.5rem; }
.grid td.padding { border-style: dashed; background: var(--surface); color: var(--muted); }
.grid td.window { background: var(--yellow-soft); border: 2px solid var(--ink); }
.grid td.padding.window { border-style: dashed; color: var(--ink); }
.grid td.empty { background: repeating-linear-gradient(135deg, var(--ground) 0 5px, var(--surface) 5px 8px); }
.grid td.changed { background: var(--orange-soft); }
.grid td.winner { background: var(--blue-soft); font-weight: 700; }
.sizes { display: flex; gap: 0.5rem; margin-top: 0.35rem; }
.sizes label { display: inline-flex; align-items: center; gap: 0.3rem; font-size: 0.85rem; }
.sizes input[type="number"] { width: 3.6rem; }
@media print { .sizes { display: none; } }
`;

/** A matrix of another size: what fits is kept, what is new is zero. */
export const resized = (rows, height, width) =>
  Array.from({ length: height }, (_, r) => Array.from({ length: width }, (_, c) => rows[r]?.[c] ?? 0));

/** Where an arrow, Home or End leads in a grid of that size; null for other keys. */
export function destination(key, row, column, height, width) {
  const moves = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1] };
  const [r, c] = { ...moves, Home: [row, 0], End: [row, width - 1] }[key] ?? [null, null];
  if (r === null) return null;
  return [Math.min(Math.max(r, 0), height - 1), Math.min(Math.max(c, 0), width - 1)];
}

export class NumberGrid {
  /**
   * @param {object} options
   * @param {string} options.label        what the grid is called
   * @param {object} [options.entry]      the setting that reads one entry (settings.mjs); without it nothing is edited
   * @param {function} [options.change]   gets the new rows after an edit
   * @param {function} [options.move]     gets row and column of the cell that the reader goes to
   * @param {function} [options.complain] gets the message about an entry that can't be read
   */
  constructor({ label, entry = null, change = () => {}, move = () => {}, complain = () => {} }) {
    this.label = label;
    this.entry = entry;
    this.change = change;
    this.move = move;
    this.complain = complain;
    /** @type {number[][]} */
    this.rows = [];
    this.frame = -1;
    this.at = [0, 0];
    /** Fields for height and width beside it, if it has any. */
    this.sizes = null;
    this.table = html("table", { class: "grid", role: "grid", "aria-label": label, "aria-readonly": entry ? false : "true" });
    this.table.addEventListener("keydown", (event) => this.#key(event));
    this.table.addEventListener("focusin", (event) => this.#arrive(event.target));
    this.table.addEventListener("input", (event) => this.#edit(event.target));
    this.name = html("p", { class: "name" }, label);
    this.element = html("div", { class: "panel" }, this.name, html("div", { class: "scroll" }, this.table));
  }

  /**
   * @param {number[][]} rows
   * @param {object} [options]
   * @param {number} [options.frame]      how many cells of padding stand around; they have rows and columns below 0 and beyond the end
   * @param {function} [options.look]     (row, column) → { class, note, text }: `text` instead of the number, `note` below it
   * @param {number[]} [options.selected] the chosen cell, which is also where the Tab key arrives
   * @param {string} [options.name]       what stands above, if not the label
   */
  show(rows, { frame = 0, look = () => ({}), selected = null, name = this.label } = {}) {
    const same = this.frame === frame && this.rows.length === rows.length && this.rows[0]?.length === rows[0]?.length;
    [this.rows, this.frame] = [rows, frame];
    if (selected) this.at = selected;
    this.at = [Math.min(this.at[0], rows.length - 1), Math.min(this.at[1], rows[0].length - 1)];
    if (!same) this.#build();
    for (const { cell, row, column } of this.cells) this.#fill(cell, row, column, look(row, column), selected);
    this.#rove();
    this.name.textContent = name;
  }

  /** Puts the focus on a cell. */
  focus(row, column) {
    this.at = [row, column];
    this.#rove();
    this.#target(this.#cell(row, column)).focus();
  }

  #cell = (row, column) => this.table.rows[row + this.frame].cells[column + this.frame];

  #target = (cell) => cell.querySelector("input") ?? cell;

  #build() {
    const { rows, frame } = this;
    const [height, width] = [rows.length, rows[0].length];
    this.cells = [];
    const make = (row, column) => {
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      const field = inside && this.entry;
      const cell = html(
        "td",
        { role: "gridcell" },
        field ? this.#input(row, column) : html("span", { class: "number" }),
        html("span", { class: "note-below", "aria-hidden": "true" }),
      );
      this.cells.push({ cell, row, column, inside });
      return cell;
    };
    const line = (row) =>
      html(
        "tr",
        { role: "row" },
        Array.from({ length: width + 2 * frame }, (_, c) => make(row, c - frame)),
      );
    this.table.replaceChildren(...Array.from({ length: height + 2 * frame }, (_, r) => line(r - frame)));
  }

  #input = (row, column) =>
    html("input", { type: "text", autocomplete: "off", "aria-label": `${this.label}, row ${row + 1}, column ${column + 1}` });

  #fill(cell, row, column, { class: kind = "", note = "", text = null }, selected) {
    const value = this.rows[row]?.[column];
    const field = cell.querySelector("input");
    cell.className = `${value === undefined ? "padding " : ""}${note ? "noted " : ""}${kind}`.trim();
    cell.querySelector(".note-below").textContent = note;
    if (!field) {
      cell.querySelector(".number").textContent = text ?? shown(value ?? 0);
      if (selected && value !== undefined) cell.setAttribute("aria-selected", String(row === selected[0] && column === selected[1]));
    } else if (Number(field.value.replace("−", "-")) !== value || field.value.trim() === "") {
      field.value = String(value).replace("-", "−");
      field.removeAttribute("aria-invalid");
    }
  }

  #rove() {
    for (const { cell, row, column, inside } of this.cells) {
      if (inside) this.#target(cell).tabIndex = row === this.at[0] && column === this.at[1] ? 0 : -1;
    }
  }

  #where = (target) => this.cells.find(({ cell, inside }) => inside && cell.contains(target));

  #arrive(target) {
    const found = this.#where(target);
    if (!found) return;
    this.at = [found.row, found.column];
    this.#rove();
    if (target.select) target.select();
    this.move(found.row, found.column);
  }

  #key(event) {
    const field = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey || !this.#where(field)) return;
    const inText = field.select && !(field.selectionStart === 0 && field.selectionEnd === field.value.length);
    const [first, last] = [field.selectionEnd === 0, field.selectionStart === field.value?.length];
    if (
      inText &&
      ((event.key === "ArrowLeft" && !first) || (event.key === "ArrowRight" && !last) || event.key === "Home" || event.key === "End")
    )
      return;
    const key = event.key === "Enter" && this.entry ? "ArrowDown" : event.key;
    const to = destination(key, ...this.at, this.rows.length, this.rows[0].length);
    if (!to) return;
    event.preventDefault();
    this.focus(...to);
  }

  #edit(field) {
    const { row, column } = this.#where(field);
    try {
      const value = this.entry.parse(field.value.replace("−", "-").replace(",", "."));
      field.removeAttribute("aria-invalid");
      this.change(this.rows.map((line, r) => line.map((old, c) => (r === row && c === column ? value : old))));
    } catch (error) {
      field.setAttribute("aria-invalid", "true");
      this.complain(error.message);
    }
  }
}

/** Two fields for the size of a matrix: `{ element, show(rows) }`. `sizes` are the limits of both. */
export function sizeFields(label, sizes, change) {
  const [least, most] = sizes;
  const field = (name) =>
    html("input", { type: "number", min: least, max: most, step: 1, "aria-label": `${label}: ${name}`, oninput: () => read() });
  const [height, width] = [field("rows"), field("columns")];
  let rows = [[0]];
  const fits = (input) => Number.isInteger(Number(input.value)) && Number(input.value) >= least && Number(input.value) <= most;
  const read = () => {
    for (const input of [height, width]) input.toggleAttribute("aria-invalid", false);
    const wrong = [height, width].filter((input) => !fits(input));
    for (const input of wrong) input.setAttribute("aria-invalid", "true");
    if (!wrong.length) change(resized(rows, Number(height.value), Number(width.value)));
  };
  const show = (now) => {
    rows = now;
    for (const [input, value] of [
      [height, now.length],
      [width, now[0].length],
    ]) {
      if (Number(input.value) !== value) input.value = value;
      input.removeAttribute("aria-invalid");
    }
  };
  return { element: html("div", { class: "sizes" }, html("label", {}, "Rows", height), html("label", {}, "Columns", width)), show };
}
