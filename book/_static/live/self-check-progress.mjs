// The reader's progress through the book: a table of the chapters, links to what is open, and a way to clear it.

import { html } from "./lib/dom.mjs";
import { progress } from "./lib/progress.mjs";

class SelfCheckProgress extends HTMLElement {
  connectedCallback() {
    if (this.chapters) return;
    this.chapters = [...this.querySelectorAll("details[data-chapter]")].map((details) => new Chapter(details));
    this.rows = html("tbody");
    this.sums = html("tfoot");
    this.note = html("p");
    this.said = html("p", { role: "status" });
    this.clearing = html("button", { type: "button", class: "self-check-button", onclick: () => this.#ask() }, "Clear my progress");
    this.dialog = this.#dialog();
    this.prepend(this.note, this.#table());
    this.append(html("p", { class: "self-check-buttons" }, this.clearing), this.said, this.dialog);
    progress.addEventListener("change", () => this.#show());
    this.#show();
  }

  #table() {
    const heads = ["Chapter", "Right at first try", "Right later", "Open"].map((text) => html("th", { scope: "col" }, text));
    const caption = html("caption", { class: "self-check-hidden" }, "Self-checks done, by chapter");
    return html("table", { class: "table self-check-table" }, caption, html("thead", {}, html("tr", {}, heads)), this.rows, this.sums);
  }

  #ask() {
    if (progress.any) this.dialog.showModal();
    else this.said.textContent = "There is no progress to clear.";
  }

  #dialog() {
    const name = "self-check-clear-title";
    const clear = () => {
      progress.clear();
      this.said.textContent = "Your progress has been cleared.";
    };
    const keep = html("button", { class: "self-check-button", value: "keep" }, "Keep it");
    const go = html("button", { class: "self-check-button primary", value: "clear", onclick: clear }, "Clear");
    const words = html("p", { id: name }, "Clear your progress in all chapters? It can't be brought back.");
    const form = html("form", { method: "dialog" }, words, html("div", { class: "self-check-buttons" }, keep, go));
    return html("dialog", { class: "self-check-dialog", "aria-labelledby": name }, form);
  }

  #show() {
    const counts = this.chapters.map((chapter) => chapter.show());
    const row = (name, { first, later, open }) =>
      html(
        "tr",
        {},
        html("th", { scope: "row" }, name),
        [first, later, open].map((n) => html("td", {}, String(n))),
      );
    this.rows.replaceChildren(...this.chapters.map((chapter, number) => row(chapter.title, counts[number])));
    const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
    const all = { first: sum("first"), later: sum("later"), open: sum("open") };
    this.sums.replaceChildren(row("All chapters", all));
    this.note.textContent = progress.kept
      ? "Nothing leaves this browser: your progress is kept on this device only, and nobody else sees it."
      : "Nothing leaves this browser. It lets this page keep nothing, so your progress is forgotten when you leave the page.";
    if (progress.any) this.said.textContent = "";
  }
}

/** One chapter's folded list of open self-checks. */
class Chapter {
  constructor(details) {
    this.title = details.dataset.chapter;
    this.details = details;
    this.summary = details.querySelector("summary");
    this.items = [...details.querySelectorAll("[data-check]")].map((item) => {
      return { item, id: item.dataset.check, formerly: JSON.parse(item.dataset.formerly ?? "[]") };
    });
  }

  show() {
    for (const check of this.items) check.item.hidden = progress.status(check) !== "open";
    const counts = progress.count(this.items);
    this.summary.textContent = counts.open > 0 ? `Open in ${this.title} (${counts.open})` : `${this.title}: all done`;
    this.details.classList.toggle("self-check-all-done", counts.open === 0);
    return counts;
  }
}

customElements.define("self-check-progress", SelfCheckProgress);
