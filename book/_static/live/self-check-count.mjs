// The line at the top of a page: how many of its self-checks are done, and where the next one is. `brief`: the number alone.

import { html } from "./lib/dom.mjs";
import { progress } from "./lib/progress.mjs";

class SelfCheckCount extends HTMLElement {
  connectedCallback() {
    if (this.checks) return;
    this.checks = JSON.parse(this.dataset.checks);
    this.line = this.querySelector("p");
    progress.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show() {
    const { first, later } = progress.count(this.checks);
    const done = first + later;
    const next = this.checks.find((check) => progress.status(check) === "open");
    const parts = [`${done} of ${this.checks.length} self-checks done`];
    if (this.hasAttribute("brief")) return void this.line.replaceChildren(...parts); // in a list of pages
    if (next && done > 0) parts.push(html("a", { href: `#check-${next.id}` }, `Next: ${next.section}`));
    if (this.dataset.progress) parts.push(html("a", { href: this.dataset.progress }, "Your progress"));
    this.line.replaceChildren(...parts.flatMap((part, number) => (number > 0 ? [" · ", part] : [part])));
  }
}

customElements.define("self-check-count", SelfCheckCount);
