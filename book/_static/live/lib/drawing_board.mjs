// A board to draw on with mouse, finger or pen, and with the keyboard alone.
//
//   const board = new DrawingBoard({ changed: (strokes, finished) => ..., moved: (sentence) => this.say(sentence) });
//   board.show(strokes, { ink, ground, accent }, picture);
//
// Strokes are those of maths/drawing.mjs. Arrow keys move a pen over 28 × 28 squares, Space puts it down and lifts it,
// Backspace takes the last stroke away. Where a ready picture is shown, the first stroke replaces it.

import { BOARD, lengthened, onBoard, SIDE } from "../maths/drawing.mjs";
import { html } from "./dom.mjs";

const SHARP = 2; // pixels of the canvas for each of the board
const PEN = 17; // of a finger on a board, wide enough to look like ink
const SQUARE = BOARD / SIDE;
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const HELP =
  "Drawing board: arrow keys move the pen by one of 28 squares, with Shift by four; Space puts it down and lifts it; Backspace takes the last line away";

/** The style of boards, to be put in front of a visualiser's own rules. */
export const boardStyle = `
.board { aspect-ratio: 1; border: 2px solid var(--muted); border-radius: 0.4rem; cursor: crosshair; overflow: hidden; touch-action: none; user-select: none; -webkit-user-select: none; }
.board canvas { display: block; width: 100%; height: 100%; }
`;

export class DrawingBoard {
  /**
   * @param {object} options
   * @param {function} options.changed  gets the new strokes, and whether the pen was lifted
   * @param {function} options.moved    gets a sentence about where the pen of the keyboard is
   */
  constructor({ changed, moved }) {
    this.changed = changed;
    this.moved = moved;
    /** @type {import("../maths/drawing.mjs").Stroke[]} */
    this.strokes = [];
    this.pointer = null;
    this.square = [14, 4];
    this.down = false;
    this.canvas = html("canvas", { width: SHARP * BOARD, height: SHARP * BOARD, "aria-hidden": "true" });
    this.element = html("div", { class: "board", tabindex: "0", role: "application", "aria-label": HELP }, this.canvas);
    this.#listen();
  }

  #listen() {
    const { element } = this;
    element.addEventListener("pointerdown", (event) => this.#start(event));
    element.addEventListener("pointermove", (event) => this.#follow(event));
    for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, (event) => this.#finish(event));
    element.addEventListener("keydown", (event) => this.#key(event));
    for (const name of ["focus", "blur"]) element.addEventListener(name, () => (this.#lift(), this.#paint()));
  }

  /** Shows strokes, or the picture of 28 × 28 where there are none. `colours` are those of the page's theme. */
  show(strokes, colours, picture) {
    this.strokes = strokes;
    this.colours = colours;
    this.picture = picture;
    this.#paint();
  }

  #paint() {
    if (!this.colours) return;
    const context = this.canvas.getContext("2d");
    context.setTransform(SHARP, 0, 0, SHARP, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = this.colours.ground;
    context.fillRect(0, 0, BOARD, BOARD);
    context.fillStyle = context.strokeStyle = this.colours.ink;
    if (this.strokes.length) this.#paintStrokes(context);
    else this.#paintPicture(context);
    if (this.element.matches(":focus-visible")) this.#paintPen(context);
  }

  #paintStrokes(context) {
    Object.assign(context, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    for (const stroke of this.strokes) {
      context.beginPath();
      context.moveTo(...stroke[0]);
      for (const point of stroke) context.lineTo(...point);
      context.stroke();
    }
  }

  #paintPicture(context) {
    this.picture.forEach((ink, index) => {
      context.globalAlpha = ink;
      // Squares overlap a little, so that no light shows between them.
      if (ink) context.fillRect((index % SIDE) * SQUARE, Math.floor(index / SIDE) * SQUARE, SQUARE + 0.3, SQUARE + 0.3);
    });
    context.globalAlpha = 1;
  }

  /** The pen of the keyboard: a square, filled while it is down. */
  #paintPen(context) {
    const [x, y] = this.square.map((at) => at * SQUARE);
    context.fillStyle = context.strokeStyle = this.colours.accent;
    context.lineWidth = 3;
    context.strokeRect(x, y, SQUARE, SQUARE);
    if (this.down) context.fillRect(x, y, SQUARE, SQUARE);
  }

  // By hand

  #start(event) {
    if (this.pointer !== null || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
    this.down = false;
    this.changed([...this.strokes, [this.#place(event)]], false);
  }

  #follow(event) {
    if (event.pointerId !== this.pointer) return;
    // A fast hand moves several times between two drawings of the page.
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length ? events : [event]).map((one) => this.#place(one));
    this.changed([...this.strokes.slice(0, -1), points.reduce((stroke, point) => lengthened(stroke, point), this.strokes.at(-1))], false);
  }

  #finish(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.changed(this.strokes, true);
  }

  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [onBoard((event.clientX - box.left) / box.width), onBoard((event.clientY - box.top) / box.height)];
  }

  // By keyboard

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const act = MOVES[event.key]
      ? () => this.#move(MOVES[event.key], event.shiftKey ? 4 : 1)
      : { " ": () => this.#press(), Backspace: () => this.undo() }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #move(direction, far) {
    this.square = this.square.map((at, axis) => Math.min(Math.max(at + far * direction[axis], 0), SIDE - 1));
    if (this.down) this.changed([...this.strokes.slice(0, -1), lengthened(this.strokes.at(-1), this.#middle, 1)], true);
    this.#tell();
  }

  #press() {
    this.down = !this.down;
    if (this.down) this.changed([...this.strokes, [this.#middle]], true);
    this.#tell();
  }

  #lift() {
    this.down = false;
  }

  /** The last stroke disappears. */
  undo() {
    this.#lift();
    if (this.strokes.length) this.changed(this.strokes.slice(0, -1), true);
  }

  get #middle() {
    return this.square.map((at) => onBoard((at + 0.5) / SIDE));
  }

  #tell() {
    this.#paint();
    const [column, row] = this.square;
    this.moved(`Row ${row + 1}, column ${column + 1} of ${SIDE}, pen ${this.down ? "down" : "up"}.`);
  }
}
