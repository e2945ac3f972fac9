// A program in the page: shown highlighted from the start; edited, run, stopped and checked here once it is asked for.
//
//   <py-run name="run-mean" label="A mean" alt="what its picture shows" plots>
//     <div class="highlight">…the program, as the book's build wrote it…</div>
//     <p slot="elsewhere">how to run it without this element</p>
//     <script type="application/json">[{ "task": "correlate2d", "code": "…", "complete": true }]</script>
//   </py-run>

import { html } from "../live/lib/dom.mjs";
import { sheet } from "../live/lib/style.mjs";
import { changes, manifest, run, size, toLoad } from "./engine.mjs";
import { megabytes } from "./files.mjs";
import { Kept } from "./kept.mjs";
import { Report } from "./report.mjs";
import { css } from "./style.mjs";

const HINT = "Tab indents; press Escape, then Tab, to leave the editor. Ctrl+Enter runs the program.";
const own = new CSSStyleSheet();
own.replaceSync(css);

class PyRun extends HTMLElement {
  /** @type {Promise<void> | undefined} the editor, once it is asked for */
  opening;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.label = this.getAttribute("label");
    this.given = this.querySelector("pre").textContent.trimEnd();
    this.checks = JSON.parse(this.querySelector("script[type='application/json']")?.textContent ?? "[]");
    this.kept = new Kept(this.getAttribute("name"), this.given);
    this.text = this.kept.text ?? this.given;
    this.#build();
    this.#followTheme();
    if (!this.runnable) return;
    this.#sayWhatLoads();
    changes.addEventListener("loaded", () => this.#sayWhatLoads());
  }

  /** Whether this book's engine can run this program at all. */
  get runnable() {
    const needed = /^\s*(?:import|from)\s+matplotlib/m.test(this.given)
      ? ["numpy", "matplotlib"]
      : /^\s*import numpy/m.test(this.given)
        ? ["numpy"]
        : [];
    return Boolean(manifest.engine) && needed.every((name) => manifest.packages.includes(name));
  }

  get plots() {
    return /\bmatplotlib\b/.test(this.text);
  }

  #build() {
    const button = (text, action, extra = {}) => html("button", { type: "button", onclick: action, ...extra }, text);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet, own];
    const task = this.checks.length > 0;
    this.runButton = button("Run", () => this.run(), { class: task ? "" : "primary" });
    this.checkButton = button("Check", () => this.run(true), { hidden: !task, class: "primary" });
    this.editButton = button(this.kept.text ? "Edit (your version)" : "Edit", () => this.edit());
    this.copyButton = button("Copy", () => this.copy(), { hidden: true });
    this.stopButton = button("Stop", () => this.handle?.stop(), { hidden: true });
    this.resetButton = button("Reset", () => this.reset(), { hidden: !this.kept.text });
    const first = task ? [this.editButton, this.checkButton, this.runButton] : [this.runButton, this.editButton];
    this.buttons = html("div", { class: "buttons" }, first, this.stopButton, this.resetButton, this.copyButton);
    this.paper = html("pre", { class: "paper" }, this.text); // an editor draws, and prints, only what is in view
    this.code = html("div", { class: "code" }, html("slot"));
    this.hint = html("p", { class: "note", id: "hint", hidden: true }, HINT);
    this.note = html("p", { class: "note" });
    this.progress = html("progress", { max: 1, value: 0, hidden: true, "aria-label": "Loading Python" });
    this.status = html("p", { class: "status", "aria-hidden": "true" });
    this.spoken = html("p", { class: "sr", role: "status" });
    this.place = html("div", { class: "report" });
    const live = [this.hint, this.buttons, this.note, this.progress, this.status, this.spoken, this.place];
    const title = html("p", { class: "title" }, html("span", { class: "kind" }, "Python "), this.label);
    const parts = this.runnable ? live : [html("slot", { name: "elsewhere" })];
    this.shadowRoot.append(html("div", { class: "card", role: "group", "aria-label": `Python: ${this.label}` }, title, this.code, parts));
  }

  async #sayWhatLoads() {
    const bytes = await toLoad(this.plots).catch(() => size(this.plots));
    const price = bytes ? ` (loads ${megabytes(bytes)} once)` : "";
    this.runButton.textContent = `Run${price}`;
    this.checkButton.textContent = `Check${price}`;
    const shortened = this.checks.filter((check) => !check.complete).map((check) => check.task);
    const parts = [
      "Python runs in your browser; nothing you write leaves it.",
      this.checks.length ? "Check asks what the visible check in the notebook asks." : "",
      shortened.length ? `For ${shortened.join(" and ")} it ends before the part that needs a library which browsers don't have.` : "",
    ];
    this.note.textContent = parts.filter(Boolean).join(" ");
  }

  /** Puts an editor in the place of the program. */
  async edit({ focus = true } = {}) {
    this.opening ??= this.#openEditor();
    await this.opening;
    if (focus) this.editor.focus();
  }

  async #openEditor() {
    const place = html("div", { class: "editor" });
    const about = {
      parent: place,
      root: this.shadowRoot,
      text: this.text,
      label: `Program: ${this.label}`,
      describedBy: "hint",
      change: (text) => this.#changed(text),
      run: () => this.run(),
    };
    try {
      if (!manifest.editor) throw new Error("not built");
      const { editor } = await import(new URL(`../engine/${manifest.editor}`, import.meta.url).href);
      this.code.replaceChildren(place, this.paper);
      this.editor = editor(about);
    } catch {
      this.code.replaceChildren(place, this.paper);
      this.editor = plainEditor(about);
      this.hint.textContent = "Ctrl+Enter runs the program.";
    }
    this.hint.hidden = false;
    this.copyButton.hidden = false;
    const held = this.shadowRoot.activeElement === this.editButton;
    this.editButton.hidden = true;
    if (held) this.editor.focus();
  }

  #changed(text) {
    this.text = text;
    this.kept.text = text;
    this.paper.textContent = text;
    this.resetButton.hidden = text === this.given;
  }

  /** Back to the program as the book has it. */
  reset() {
    this.handle?.stop();
    if (this.editor) this.editor.text = this.given;
    this.#changed(this.given);
    this.editButton.textContent = "Edit";
    this.place.replaceChildren();
    this.#say("The program is as it was.");
    (this.editor ?? this.runButton).focus();
  }

  /** Runs the program, and its checks if asked to. */
  async run(check = false) {
    if (this.running) return;
    this.#switch(true);
    const report = new Report(this.place, this.getAttribute("alt"), (line) => this.#show(line));
    const tell = (message) => this.#hear(message, report);
    const loading = await toLoad(this.plots).catch(() => size(this.plots));
    this.loading = { all: loading, come: 0 };
    this.#say(loading ? `Loading Python, ${megabytes(loading)} …` : "Starting Python …");
    const width = this.place.clientWidth;
    this.handle = run({ program: this.text, checks: check ? this.checks : [], plots: this.plots, width }, tell);
    await this.edit({ focus: false });
    this.editor.mark(report.line);
    await this.handle.ended;
    this.#switch(false);
  }

  #hear(message, report) {
    if (message.kind === "arrived") this.#arrived(message.bytes);
    else if (message.kind === "began") this.#say("Running …", { aloud: false });
    else if (message.kind === "end") this.#say(report.summary(message.seconds), { also: report.aloud });
    else if (message.kind === "stopped") this.#say("Stopped.");
    else if (message.kind === "failed")
      this.#say(`Python couldn't be started: ${message.text}. Try again, or in a newer browser, or copy the program into JupyterLab.`);
    else {
      report.take(message, this.text !== this.given);
      if (message.line) this.editor?.mark(report.line);
    }
  }

  #arrived(bytes) {
    const { all } = this.loading;
    this.loading.come = Math.min(all, this.loading.come + bytes);
    this.progress.hidden = this.loading.come >= all;
    this.progress.value = all ? this.loading.come / all : 1;
    const text = `Loading Python: ${Math.floor(this.loading.come / 1e6)} of ${megabytes(all)} …`;
    this.#say(this.progress.hidden ? "Starting Python …" : text, { aloud: false });
  }

  /** Lets the buttons tell what can be done now; the focus stays where it was. */
  #switch(running) {
    this.running = running;
    const held = this.shadowRoot.activeElement === this.stopButton;
    for (const button of [this.runButton, this.checkButton]) button.setAttribute("aria-disabled", String(running));
    this.stopButton.hidden = !running;
    if (!running) this.progress.hidden = true;
    if (!running && held) this.runButton.focus();
  }

  /** Puts the program on the clipboard, for a notebook. */
  async copy() {
    try {
      await navigator.clipboard.writeText(this.text);
      this.#say("The program is on the clipboard.");
    } catch {
      this.#say("The browser doesn't let this page copy: select the text in the editor and copy it.");
    }
  }

  #show(line) {
    this.editor.mark(line);
    this.editor.focus(line);
  }

  /** Shows how things stand; screen readers hear it too, unless not `aloud`, and what is to be heard `also`. */
  #say(text, { aloud = true, also = "" } = {}) {
    this.status.textContent = text;
    if (aloud) this.spoken.textContent = `${text} ${also}`.trim();
  }

  #followTheme() {
    const page = document.documentElement;
    const follow = () => this.toggleAttribute("data-dark", page.dataset.theme === "dark");
    new MutationObserver(follow).observe(page, { attributeFilter: ["data-theme"] });
    follow();
  }
}

/** A plain text field, where the editor couldn't be had: the same few methods. */
function plainEditor({ parent, text, label, describedBy, change, run }) {
  const keys = (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && (event.preventDefault(), run());
  const field = html("textarea", {
    "aria-label": label,
    "aria-describedby": describedBy,
    spellcheck: "false",
    rows: text.split("\n").length,
    oninput: () => change(field.value),
    onkeydown: keys,
  });
  field.value = text;
  parent.append(field);
  const select = (line) => {
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  };
  return {
    focus: (line) => (field.focus(), line && select(line)),
    mark: () => undefined,
    get text() {
      return field.value;
    },
    set text(value) {
      field.value = value;
    },
  };
}

if (!customElements.get("py-run")) customElements.define("py-run", PyRun);
