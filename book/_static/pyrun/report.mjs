// What a program said, shown: text as it comes, pictures, the error, the checks.

import { html } from "../live/lib/dom.mjs";

const MOST_ALOUD = 300; // characters of output that a screen reader is given at once; all of it can be read below

/** Text with a name, which the keyboard reaches: it may have to be scrolled. */
const box = (name, text, kind = "told") =>
  html("pre", { "data-kind": kind, class: kind, tabindex: 0, role: "region", "aria-label": name }, text);

/** The report of one run below a program. */
export class Report {
  /**
   * @param {HTMLElement} place
   * @param {string} alternative  what the delivered program's pictures show
   * @param {(line: number) => void} go  shows a line of the program
   */
  constructor(place, alternative, go) {
    this.place = place;
    this.alternative = alternative;
    this.go = go;
    this.pictures = 0;
    this.checks = [];
    /** @type {string | null} */
    this.failed = null;
    this.line = 0;
    this.aloud = "";
    place.replaceChildren();
  }

  /** Shows one message of the program (see runner.py). */
  take(message, changed) {
    if (message.kind === "figure") this.#picture(message, changed);
    else if (message.kind === "error") this.#error(message);
    else if (message.kind === "check") this.#check(message);
    else this.#text(message);
  }

  get empty() {
    return !this.place.hasChildNodes();
  }

  #text({ kind, text }) {
    const last = /** @type {HTMLElement | null} */ (this.place.lastElementChild);
    const shown = last?.dataset.kind === kind ? last : box(kind === "out" ? "Output" : "Warnings", "", kind);
    if (shown !== last) this.place.append(shown);
    shown.append(text);
    if (this.aloud.length < MOST_ALOUD) this.aloud = `${this.aloud || "Output:"} ${text.trim()}`.slice(0, MOST_ALOUD);
  }

  #picture({ png, width }, changed) {
    this.pictures += 1;
    const told = this.alternative || "A picture that the program drew.";
    const alt = changed ? `Drawn by your changed program. As delivered: ${told}` : told;
    this.place.append(
      html("img", { src: `data:image/png;base64,${png}`, width, alt: this.pictures === 1 ? alt : `Picture ${this.pictures}. ${alt}` }),
    );
  }

  #error({ text, line }) {
    this.line = line;
    const last = text.split("\n").findLast((each) => /^\w/.test(each)) ?? "";
    this.failed = line ? `Error in line ${line}` : "Error";
    this.aloud = last;
    this.place.append(
      html(
        "div",
        { class: "failure" },
        html("p", { class: "verdict" }, `${this.failed}: ${last}`),
        box("Error message", text),
        this.#show(line),
      ),
    );
  }

  #check({ task, passed, lines, text, line }) {
    this.checks.push({ task, passed });
    if (!passed) {
      this.line ||= line;
      if (!this.aloud.startsWith("Not yet")) this.aloud = `Not yet: ${task}. ${text}`.slice(0, MOST_ALOUD);
    }
    const mark = html("span", { class: "mark", "aria-hidden": "true" }, passed ? "✓" : "✗");
    const verdict = html("p", { class: "verdict" }, mark, html("code", {}, task), passed ? ": all visible checks passed" : ": not yet");
    const good = lines.length
      ? html(
          "ul",
          {},
          lines.map((each) => html("li", {}, each)),
        )
      : null;
    const bad = passed ? null : box(`What the check of ${task} says`, text, text.includes("\n") ? "told" : "prose");
    this.place.append(
      html("div", { class: passed ? "check passed" : "check failure" }, verdict, good, bad, passed ? null : this.#show(line)),
    );
  }

  #show(line) {
    return line ? html("button", { type: "button", onclick: () => this.go(line) }, `Show line ${line}`) : null;
  }

  /** The run in one sentence. */
  summary(seconds) {
    const right = this.checks.filter((check) => check.passed).length;
    const more = right === this.checks.length ? " Copy them into the notebook; its hidden checks ask more." : "";
    if (this.checks.length) return `Checks passed: ${right} of ${this.checks.length}.${more}`;
    const pictures = this.pictures ? ` ${this.pictures === 1 ? "One picture" : `${this.pictures} pictures`} below.` : "";
    if (this.failed) return `${this.failed}: the message is below.`;
    const nothing = this.empty ? " The program printed nothing." : "";
    return `Done in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s.${pictures}${nothing}`;
  }
}
