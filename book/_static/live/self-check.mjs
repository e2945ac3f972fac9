// A question on the page: the reader answers, hears why it is right or wrong, and tries again.
// Sphinx has written question, choices and folded answer (book/_ext/check_html.py); this adds fields, buttons and words.
// All of it stays in the page's own tree, so that formulas keep their style.

import { html } from "./lib/dom.mjs";
import { progress } from "./lib/progress.mjs";
import { judge, readNumber, written } from "./lib/typed_number.mjs";

const STATES = { first: "✓ right at first try", later: "✓ right, not at first try", open: "" };

/** What the reader is told: right or wrong, and blocks that say why. `problem` if there is nothing to judge yet. */
const verdict = (right, lead, ...reasons) => ({ right, lead, reasons });

class SelfCheck extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    const formerly = JSON.parse(this.dataset.formerly ?? "[]");
    this.check = { id: this.dataset.check, formerly };
    this.details = /** @type {HTMLDetailsElement} */ (this.querySelector(".self-check-answer"));
    this.fields = this.dataset.answer === undefined ? new Choices(this) : new NumberField(this);
    this.#build();
    progress.addEventListener("change", () => this.#showState());
    this.#showState();
  }

  #build() {
    const head = this.querySelector(".self-check-head");
    const question = this.querySelector(".self-check-question");
    head.id = `${this.id}-head`;
    question.id = `${this.id}-question`;
    this.state = html("span", { class: "self-check-state" });
    head.append(this.state);
    this.setAttribute("role", "group");
    this.setAttribute("aria-labelledby", head.id);
    this.again = html("button", { type: "button", class: "self-check-button", hidden: true, onclick: () => this.#tryAgain() }, "Try again");
    const buttons = html(
      "div",
      { class: "self-check-buttons" },
      html("button", { type: "submit", class: "self-check-button primary" }, "Check"),
      this.again,
    );
    this.said = html("div", { class: "self-check-said", role: "status" });
    this.form = html("form", { novalidate: true, autocomplete: "off", onsubmit: (event) => this.#answer(event) });
    this.details.before(this.form);
    this.form.append(this.fields.element, buttons, this.said);
    this.details.hidden = true;
    this.details.querySelector("summary").textContent = "Show the answer";
    this.details.addEventListener("toggle", () => this.details.open && progress.look(this.check));
  }

  #answer(event) {
    event.preventDefault();
    const { problem, right, lead, reasons } = this.fields.judge();
    if (problem) {
      this.#say("problem", html("p", {}, problem));
      return;
    }
    progress.attempt(this.check, right);
    this.again.hidden = right;
    this.details.hidden = false;
    this.details.querySelector("summary").textContent = right ? "All reasons" : "Show the answer";
    this.#say(right ? "right" : "wrong", html("p", { class: "self-check-verdict" }, `${right ? "✓" : "✗"} ${lead}`), reasons);
  }

  #tryAgain() {
    this.fields.clear();
    this.again.hidden = true;
    this.details.open = false;
    this.#say("");
    this.fields.focus();
  }

  // The box stays, its contents change: so a screen reader hears them.
  #say(kind, ...contents) {
    this.said.dataset.kind = kind;
    this.said.replaceChildren(...contents.flat(Infinity));
  }

  #showState() {
    this.state.textContent = STATES[progress.status(this.check)];
  }
}

/** The reasons of the folded answer, without the word in front that the verdict says already. */
function reasonsOf(check) {
  return [...check.details.querySelectorAll(".self-check-feedback > li")].map((item) => {
    const copy = item.cloneNode(true);
    copy.querySelector(".self-check-lead")?.remove();
    return [...copy.children];
  });
}

class Choices {
  constructor(check) {
    const several = check.dataset.several !== undefined;
    this.check = check;
    this.right = new Set(check.dataset.right.split(" ").map(Number));
    this.reasons = reasonsOf(check);
    this.list = check.querySelector(".self-check-choices");
    this.list.setAttribute("role", "none");
    this.items = [...this.list.children];
    this.inputs = this.items.map((item, number) => this.#input(item, number, several ? "checkbox" : "radio"));
    const legend = html("legend", { class: "self-check-hidden" }, several ? "Choose all that are right" : "Choose one");
    this.element = html("fieldset", { class: "self-check-fields", "aria-describedby": `${check.id}-question` }, legend);
    if (several) this.element.append(html("p", { class: "self-check-hint" }, "More than one may be right."));
    this.element.append(this.list);
  }

  #input(item, number, type) {
    item.setAttribute("role", "none");
    const input = html("input", { type, name: this.check.id, value: number });
    const words = html("span", { class: "self-check-choice" }, ...item.firstElementChild.childNodes);
    item.replaceChildren(html("label", {}, input, words));
    return input;
  }

  judge() {
    const chosen = this.inputs.flatMap((input, number) => (input.checked ? [number] : []));
    if (chosen.length === 0) return { problem: "Choose an answer first." };
    const wrong = chosen.filter((number) => !this.right.has(number));
    for (const number of wrong) this.#mark(number);
    if (wrong.length > 0) return verdict(false, "Not quite.", this.#why(wrong));
    const missing = this.right.size - chosen.length;
    if (missing > 0) return verdict(false, `Right so far, but ${missing} more ${missing === 1 ? "is" : "are"} right too.`);
    return verdict(true, "Right.", this.#why(chosen));
  }

  #why(numbers) {
    const letter = (number) => html("strong", {}, `${String.fromCharCode(65 + number)}: `);
    return numbers.map((number) => {
      const reason = this.reasons[number].map((block) => block.cloneNode(true));
      if (numbers.length > 1) reason[0].prepend(letter(number));
      return reason;
    });
  }

  #mark(number) {
    const words = this.items[number].querySelector(".self-check-choice");
    if (words.querySelector(".self-check-tried")) return;
    words.append(html("span", { class: "self-check-tried" }, "✗ tried"));
  }

  clear() {
    for (const input of this.inputs) input.checked = false;
  }

  focus() {
    this.inputs[0].focus();
  }
}

class NumberField {
  constructor(check) {
    const { answer, tolerance, mistakes, unit = "" } = check.dataset;
    this.key = { answer: Number(answer), tolerance: Number(tolerance), mistakes: JSON.parse(mistakes) };
    this.unit = unit;
    this.reasons = reasonsOf(check);
    this.explanation = [...check.details.querySelector(".self-check-explanation").children];
    this.input = html("input", { type: "text", size: 12, id: `${check.id}-number`, "aria-describedby": `${check.id}-question` });
    const label = html("label", { for: this.input.id }, "Your number");
    this.element = html("div", { class: "self-check-fields self-check-number-field" }, label, this.input, html("span", {}, unit));
  }

  judge() {
    const { readings, problem } = readNumber(this.input.value, this.unit);
    this.input.setAttribute("aria-invalid", Boolean(problem));
    if (problem) return { problem };
    const { value, right, mistake } = judge(readings, this.key);
    const understood = written(value) === this.input.value.trim() ? "" : ` I read ${written(value)}.`;
    const copies = (blocks) => blocks.map((block) => block.cloneNode(true));
    if (right) return verdict(true, `Right.${understood}`, copies(this.explanation));
    const reason = mistake === undefined ? [html("p", {}, this.#hint(value))] : copies(this.reasons[mistake]);
    return verdict(false, `Not quite.${understood}`, reason);
  }

  #hint(value) {
    const { answer, tolerance } = this.key;
    const off = Math.abs(value - answer);
    if (tolerance > 0 && off <= 5 * tolerance) return "You are close: compute it a little more exactly.";
    if (value === -answer) return "Look at the sign.";
    return "That comes from none of the usual slips. Write the steps down one by one, or look at the section above once more.";
  }

  clear() {
    this.input.value = "";
  }

  focus() {
    this.input.focus();
  }
}

customElements.define("self-check", SelfCheck);
