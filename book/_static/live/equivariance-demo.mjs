// <equivariance-demo>: move a pattern; does the network's answer move along?

import { arrow, css, matrixTable } from "./fields.mjs";
import { html, shown } from "./lib/dom.mjs";
import { choice, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { compare, network } from "./maths/shifts.mjs";

const SIDE = 8;
const KERNELS = {
  vertical: [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  horizontal: [
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ],
  blur: [
    [1, 2, 1],
    [2, 4, 2],
    [1, 2, 1],
  ],
  corner: [
    [0, -1, -1],
    [0, 1, 0],
    [0, 1, 0],
  ],
};
const PICTURES = { letter: ["100", "100", "110"], cross: ["010", "111", "010"], ring: ["111", "101", "111"], dot: ["1"] };
const MOVES = { "↑": ["up", -1, 0], "↓": ["down", 1, 0], "←": ["left", 0, -1], "→": ["right", 0, 1] };

class EquivarianceDemo extends Visualiser {
  static title = "Shift, then convolve; convolve, then shift";
  static settings = {
    picture: choice("Pattern", { initial: "letter", options: { letter: "letter L", cross: "cross", ring: "ring", dot: "dot" } }),
    kernel: choice("Kernel", {
      initial: "vertical",
      options: { vertical: "vertical edges", horizontal: "horizontal edges", blur: "blur (sum 16)", corner: "upper left corners" },
    }),
    padding: choice("Padding", { initial: "circular", options: { circular: "circular", zeros: "zeros" } }),
    depth: number("Layers", { initial: 1, min: 1, max: 3 }),
    end: choice("And then", {
      initial: "none",
      options: { none: "nothing", stride: "stride 2", max: "max pooling 2 × 2", mean: "mean pooling 2 × 2", global: "global mean" },
    }),
    down: number("Moved down", { initial: 1, min: 0, max: SIDE - 1 }),
    right: number("Moved right", { initial: 2, min: 0, max: SIDE - 1 }),
  };
  static css = `${css}
.stage { container-type: inline-size; }
.maps { --pixel: min(2rem, calc((100cqw - 1rem) / 16)); display: grid; grid-template-columns: repeat(2, calc(8 * var(--pixel))); gap: 0.75rem 1rem; align-items: end; }
.maps table.map { --cell: var(--pixel); --digits: calc(0.25rem + 0.35 * var(--pixel)); width: 100%; table-layout: fixed; }
.maps table.map.half { --cell: calc(2 * var(--pixel)); --digits: calc(0.25rem + 0.5 * var(--pixel)); }
.maps table.map.single { --cell: calc(4 * var(--pixel)); --digits: 1.3rem; }
.maps table.map td { width: auto; min-width: 0; }
.answers { display: contents; }
.canvas { cursor: grab; touch-action: none; user-select: none; }
.canvas:active { cursor: grabbing; }
.canvas table.map td.ink { background: var(--ink); color: var(--ground); }
.canvas td.home { outline: 2px dashed var(--accent); outline-offset: -3px; }
table.map td.differs { background: repeating-linear-gradient(45deg, var(--yellow-soft) 0 4px, transparent 4px 7px); font-weight: 700; outline: 2px solid var(--ink); outline-offset: -2px; }
.moves button { min-width: 2.4rem; padding-inline: 0.4rem; }
`;

  prepare() {
    const button = ([sign, [name, down, right]]) =>
      html("button", { type: "button", "aria-label": `Move the pattern ${name}`, onclick: () => this.#move(down, right) }, sign);
    this.panel.append(html("div", { class: "buttons moves" }, Object.entries(MOVES).map(button)));
    this.canvas = html("div", {
      class: "canvas",
      role: "application",
      tabindex: "0",
      "aria-label": "Picture: the arrow keys move the pattern",
      onkeydown: (event) => this.#key(event),
      onpointerdown: (event) => this.#grab(event),
      onpointermove: (event) => this.#drag(event),
      onpointerup: () => this.#drop(),
      onpointercancel: () => this.#drop(),
    });
    this.answers = html("div", { class: "answers" });
    this.maps = html("div", { class: "maps" }, this.canvas, this.answers);
  }

  draw() {
    const { picture, kernel, down, right } = this.values;
    const still = drawn(PICTURES[picture]);
    const result = compare(network({ ...this.values, kernel: KERNELS[kernel] }), still, down, right);
    if (!this.maps.isConnected) this.stage.replaceChildren(this.maps);
    this.#showMaps(still, result);
    this.say(`Moved by (${down}, ${right}). ${this.#verdict(result)}`);
  }

  #showMaps(still, { moved, shiftFirst, shiftAfter, differences, after }) {
    const look = (i, j) => `${moved[i][j] ? "ink" : ""} ${still[i][j] ? "home" : ""}`;
    this.canvas.replaceChildren(matrixTable("g(x): the moved picture", moved, { look }));
    const { single, answers } = { single: shiftFirst.length === 1, answers: this.values.end === "global" ? "answer" : "map" };
    const differs = (i, j) => (differences[i][j] ? "differs" : "same");
    const maps = [
      matrixTable(`f(g(x)): ${answers} of the moved picture`, shiftFirst),
      matrixTable(single ? "f(x): answer of the unmoved picture" : `g′(f(x)): map moved by (${after.join(", ")})`, shiftAfter),
      matrixTable("their difference", differences, { look: differs }),
    ];
    for (const map of maps) map.classList.add({ 1: "single", 4: "half", 8: "whole" }[shiftFirst.length]);
    this.answers.replaceChildren(...maps);
  }

  #verdict({ worst, after, differences }) {
    const count = differences.flat().filter(Boolean).length;
    const single = this.values.end === "global";
    if (worst === 0 && single) return "Largest difference: 0. Exactly the same number: invariant to this shift.";
    if (worst === 0) return `Largest difference: 0. The map moved along exactly, by (${after.join(", ")}).`;
    return `Largest difference: ${shown(worst)}, in ${count} of ${differences.flat().length} numbers. ${this.#reason()}`;
  }

  /** What breaks it: where the picture meets the border, or where it meets the grid that is kept. */
  #reason() {
    const { padding, end, down, right } = this.values;
    const between = ["stride", "max", "mean"].includes(end) && (down % 2 === 1 || right % 2 === 1);
    const border = padding === "zeros" ? "The zeros at the border do not move along." : "";
    const grid = between
      ? "Moved by an odd number of pixels, the picture meets the grid of stride 2 elsewhere: no shift of the map fits."
      : "";
    return [border, grid].filter(Boolean).join(" ");
  }

  #move(down, right) {
    this.set({ down: (this.values.down + down + SIDE) % SIDE, right: (this.values.right + right + SIDE) % SIDE });
  }

  #key(event) {
    const move = arrow(event);
    if (move) this.#move(...move);
  }

  #grab(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.held = { x: event.clientX, y: event.clientY, down: this.values.down, right: this.values.right };
  }

  /** While it is dragged the pattern is only shown; the address follows when it is dropped. */
  #drag(event) {
    if (!this.held) return;
    const cell = this.canvas.querySelector("td").getBoundingClientRect().width;
    const place = (from, to, start) => (((start + Math.round((to - from) / cell)) % SIDE) + SIDE) % SIDE;
    const [down, right] = [place(this.held.y, event.clientY, this.held.down), place(this.held.x, event.clientX, this.held.right)];
    if (down === this.values.down && right === this.values.right) return;
    Object.assign(this.values, { down, right });
    this.refresh();
  }

  #drop() {
    if (this.held) this.set({});
    this.held = null;
  }
}

/** The picture before it moves: the pattern near the upper left corner, zeros around it. */
function drawn(pattern) {
  return Array.from({ length: SIDE }, (_, i) => Array.from({ length: SIDE }, (_, j) => Number(pattern[i - 2]?.[j - 1] ?? 0)));
}

EquivarianceDemo.register("equivariance-demo");
