// <digit-reader>: draw a digit, and see LeNet-5 read it: the picture it gets, the maps of its convolutions, its answer.

import { html } from "./lib/dom.mjs";
import { boardStyle, DrawingBoard } from "./lib/drawing_board.mjs";
import { choice, text } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { prepared, SIDE, strokesOf, written } from "./maths/drawing.mjs";
import { read, stored } from "./maths/lenet.mjs";
import { digits, measured } from "./maths/lenet_trained.mjs";

const EMPTY = "none";
const READY = Object.fromEntries(
  digits.map((digit) => [digit.name, { ...digit, picture: Float64Array.from(digit.ink, (ink) => ink / 255) }]),
);
const GAP = 1; // pixels between two maps
const percent = (part) =>
  part < 0.001 ? "less than 0.1\u00a0%" : part > 0.999 ? "more than 99.9\u00a0%" : `${(100 * part).toFixed(1)}\u00a0%`;
const counted = (number) => number.toLocaleString("en");

export class DigitReader extends Visualiser {
  static title = "Draw a digit, and a network reads it";

  static settings = {
    digit: choice("Ready-made digit", {
      initial: "3",
      options: { ...Object.fromEntries(digits.map(({ name }) => [name, name === "wrong" ? "one it gets wrong" : name])), [EMPTY]: "none" },
    }),
    strokes: text("Drawing", { initial: "", read: strokesOf }),
  };

  static css = `${boardStyle}
    .reader { display: grid; grid-template: "board maps answer" auto "board maps words" 1fr / minmax(9.5rem, 13rem) minmax(9.5rem, 1fr) minmax(8.5rem, 11rem); gap: 0.5rem 1rem; align-items: start; }
    .part { min-width: 0; }
    .part > .name { margin: 0 0 0.25rem; font-size: 0.85rem; font-weight: 600; line-height: 1.25; }
    .part.board-part { grid-area: board; } .part.maps { grid-area: maps; } .part.answer { grid-area: answer; }
    .reader .status { grid-area: words; margin: 0; min-height: 6em; line-height: 1.4; }
    .layer { display: grid; gap: 0.15rem; margin-bottom: 0.55rem; }
    .layer canvas { display: block; width: 100%; image-rendering: pixelated; border: 1px solid var(--line); }
    .layer.seen canvas { width: 4.4rem; }
    .layer p { margin: 0; font-size: 0.85rem; line-height: 1.25; }
    .under-board { margin-top: 0.5rem; }
    .keys { display: none; line-height: 1.25; }
    .board:focus-visible + .keys { display: block; }
    .ready { display: grid; grid-template-columns: repeat(5, 1fr); gap: 0.25rem; border: 0; padding: 0; margin: 0.5rem 0 0; min-width: 0; }
    .ready legend { font-size: 0.85rem; padding: 0 0 0.2rem; }
    .ready button { padding: 0.15rem; min-width: 0; }
    .ready button[data-digit="wrong"] { grid-column: 1 / -1; }
    .ready button[aria-pressed="true"] { outline: 2px solid var(--accent); outline-offset: -2px; font-weight: 700; }
    .scores { width: 100%; }
    .scores th, .scores td { border: 0; padding: 0.06rem 0.3rem; background: none; line-height: 1.35; }
    .scores th { width: 1.4rem; text-align: center; }
    .scores td:last-child { width: 3.6rem; font-size: 0.85rem; padding-right: 0; white-space: nowrap; }
    .scores tr.best { font-weight: 700; }
    .bar { height: 0.85rem; border-left: 1px solid var(--muted); }
    .bar i { display: block; height: 100%; background: var(--muted); }
    .best .bar i { background: var(--blue); }
    .said { margin: 0; font-size: 3.2rem; font-weight: 700; line-height: 1; min-height: 3.2rem; text-align: center; }
    @media (max-width: 36rem) {
      .reader { grid-template: "board answer" auto "words words" auto "maps maps" auto / minmax(0, 1fr) minmax(0, 8.2rem); gap: 0.75rem 0.6rem; }
      .reader .status { min-height: 4.2em; }
      .ready button { min-height: 2.4rem; }
      .said { font-size: 2.2rem; min-height: 2.2rem; }
    }
    @media print { .under-board, .ready { display: none; } }
  `;

  /** Ready-made digits are buttons on the stage, the drawing is made on the board. */
  control() {
    return null;
  }

  prepare() {
    this.network = stored();
    this.panel.hidden = true;
    this.board = new DrawingBoard({
      changed: (strokes, finished) => this.#drawn(strokes, finished),
      moved: (sentence) => this.say(`${sentence} ${this.answer}`),
    });
    this.seen = mapsFigure("seen");
    this.first = mapsFigure("first");
    this.second = mapsFigure("second");
    this.said = html("p", { class: "said", "aria-hidden": "true" });
    this.rows = Array.from({ length: 10 }, (_, digit) => scoreRow(digit));
    this.stage.append(
      html("div", { class: "reader" }, this.#boardPart(), this.#mapsPart(), this.#answerPart(), this.status),
      html("p", { class: "note" }, about()),
    );
  }

  #boardPart() {
    this.undo = html("button", { type: "button", onclick: () => this.board.undo() }, "Undo");
    this.clear = html("button", { type: "button", onclick: () => this.set({ digit: EMPTY, strokes: "" }) }, "Clear");
    this.ready = digits.map(({ name }) =>
      html(
        "button",
        { type: "button", "data-digit": name, onclick: () => this.set({ digit: name, strokes: "" }) },
        DigitReader.settings.digit.options[name],
      ),
    );
    const choices = html("fieldset", { class: "ready" }, html("legend", {}, "or take one that it was not trained on:"), this.ready);
    const name = html("p", { class: "name" }, "Draw here");
    return html(
      "div",
      { class: "part board-part" },
      name,
      this.board.element,
      html(
        "p",
        { class: "note keys", "aria-hidden": "true" },
        "Arrow keys move the pen, Space puts it down and lifts it, Backspace takes a line back.",
      ),
      html("div", { class: "buttons under-board" }, this.clear, this.undo),
      choices,
    );
  }

  #mapsPart() {
    const { first, second, seen } = this;
    return html(
      "div",
      { class: "part maps" },
      html("p", { class: "name" }, "What the network makes of it"),
      seen.element,
      first.element,
      second.element,
    );
  }

  #answerPart() {
    const caption = html("caption", { class: "sr" }, "How likely each digit is, says the network");
    const rows = this.rows.map(({ element }) => element);
    return html(
      "div",
      { class: "part answer" },
      html("p", { class: "name" }, "It answers"),
      this.said,
      html("table", { class: "scores" }, caption, html("tbody", {}, rows)),
    );
  }

  /** While the pen is down only the picture follows; the address does when it is lifted. */
  #drawn(strokes, finished) {
    Object.assign(this.values, { strokes: written(strokes), digit: EMPTY });
    if (finished) this.set({});
    else this.#soon();
  }

  #waiting = 0;

  /** Draws before the page is painted the next time, once for all moves of the pen until then. */
  #soon() {
    this.board.strokes = strokesOf(this.values.strokes);
    cancelAnimationFrame(this.#waiting);
    this.#waiting = requestAnimationFrame(() => this.refresh());
  }

  draw() {
    const strokes = strokesOf(this.values.strokes);
    const chosen = strokes.length ? undefined : READY[this.values.digit];
    const picture = chosen?.picture ?? prepared(strokes);
    const colours = this.#colours();
    this.board.show(strokes, colours, picture);
    this.undo.disabled = !strokes.length;
    this.clear.disabled = !strokes.length && !chosen;
    for (const button of this.ready) button.setAttribute("aria-pressed", String(button.dataset.digit === chosen?.name));
    const result = read(picture, this.network);
    this.#showMaps(picture, result, colours);
    this.#showScores(strokes.length || chosen ? result.p : null);
    this.answer = this.#sentence(result.p, strokes, chosen);
    this.say(this.answer);
  }

  #colours() {
    const style = getComputedStyle(this);
    const named = (name) => style.getPropertyValue(name).trim();
    return { ink: named("--ink"), ground: named("--ground"), accent: named("--accent"), strong: named("--blue"), line: named("--line") };
  }

  #showMaps(picture, { first, second }, { ink, ground, strong, line }) {
    paint(this.seen, { count: 1, side: SIDE, values: picture }, 1, [ground, ink, line]);
    paint(this.first, first, 3, [ground, strong, line]);
    paint(this.second, second, 8, [ground, strong, line]);
    this.seen.tell("The picture it gets, 28 × 28");
    this.first.tell("First convolution, 6 × 28 × 28");
    this.second.tell("Second convolution, 16 × 10 × 10");
  }

  #showScores(p) {
    const best = p ? p.indexOf(Math.max(...p)) : -1;
    this.said.textContent = p ? best : "–";
    this.rows.forEach(({ element, bar, score }, digit) => {
      element.classList.toggle("best", digit === best);
      bar.style.width = `${p ? 100 * p[digit] : 0}%`;
      score.textContent = p ? (p[digit] > 0.999 ? "> 99.9 %" : `${(100 * p[digit]).toFixed(1)} %`) : "";
    });
  }

  /** The answer in words: which digit, how sure, and whether that is right where it is known. */
  #sentence(p, strokes, chosen) {
    if (!strokes.length && !chosen) return "The board is empty. Draw a digit from 0 to 9.";
    const [best, next] = p.map((part, digit) => ({ part, digit })).sort((a, b) => b.part - a.part);
    const answer =
      best.part >= 0.9
        ? `The network answers ${best.digit} and is sure: ${percent(best.part)}.`
        : best.part >= 0.6
          ? `The network answers ${best.digit}, not quite sure: ${percent(best.part)}, against ${percent(next.part)} for ${next.digit}.`
          : `The network hesitates between ${best.digit} (${percent(best.part)}) and ${next.digit} (${percent(next.part)}).`;
    if (!chosen) return answer;
    return `${answer} ${best.digit === chosen.label ? "That is right." : `That is wrong: whoever wrote it meant ${chosen.label}.`}`;
  }
}

/** Whose the network is, what it gets right, and what happens to a drawing before it reads it. */
const about = () =>
  `The network is LeNet-5 with ${counted(measured.parameters)} parameters. A program of this course trained it on ${counted(measured.trainedOn)} ` +
  `handwritten digits of MNIST; of ${counted(measured.heldOut)} others it reads ${counted(measured.right)} right ` +
  `(${((100 * measured.right) / measured.heldOut).toFixed(1)} %). Your drawing is first scaled and centred as those digits are.`;

/** A canvas for the maps of one layer, with a line that says what they are. */
function mapsFigure(kind) {
  const canvas = html("canvas", { role: "img" });
  const line = html("p", { "aria-hidden": "true" });
  const tell = (words) => (canvas.setAttribute("aria-label", words), (line.textContent = words));
  return { element: html("div", { class: `layer ${kind}` }, line, canvas), canvas, tell };
}

/** One digit with its bar and its share. */
function scoreRow(digit) {
  const bar = html("i", {});
  const score = html("td", {});
  const element = html(
    "tr",
    {},
    html("th", { scope: "row" }, digit),
    html("td", { "aria-hidden": "true" }, html("div", { class: "bar" }, bar)),
    score,
  );
  return { element, bar, score };
}

/** Paints maps in rows of so many: zero in the first colour, the largest number of the layer in the second, lines between them in the third. */
function paint({ canvas }, { count, side, values }, across, colours) {
  const [low, high] = colours.slice(0, 2).map(channels);
  const down = count / across;
  canvas.width = across * (side + GAP) - GAP;
  canvas.height = down * (side + GAP) - GAP;
  const context = canvas.getContext("2d");
  context.fillStyle = colours[2];
  context.fillRect(0, 0, canvas.width, canvas.height);
  const largest = values.reduce((most, value) => Math.max(most, value), 0) || 1;
  for (let map = 0; map < count; map++) {
    const image = context.createImageData(side, side);
    for (let pixel = 0; pixel < side * side; pixel++) {
      const part = values[map * side * side + pixel] / largest;
      image.data.set([0, 1, 2].map((c) => low[c] + part * (high[c] - low[c])).concat(255), 4 * pixel);
    }
    context.putImageData(image, (map % across) * (side + GAP), Math.floor(map / across) * (side + GAP));
  }
}

/** Red, green and blue of a colour as style sheets write it. */
function channels(colour) {
  const context = html("canvas", { width: 1, height: 1 }).getContext("2d");
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

DigitReader.register("digit-reader");
