// The base of every visualiser: a card with controls made from its settings, a stage it draws on, a line that
// says what is to be seen (also to a screen reader), and its state in the page's address.
//
//   class PaddingDemo extends Visualiser {
//     static title = "Padding";
//     static settings = { padding: number("Padding", { initial: 1, min: 0, max: 4 }) };
//     draw() { this.stage.replaceChildren(...); this.say("The output has 5 rows."); }
//   }
//   PaddingDemo.register("padding-demo");
//
// `<padding-demo name="pad" padding="2">what to see without scripts</padding-demo>` then starts at 2, and
// `?pad.padding=3` in the address starts it at 3. `name` is the element's own name if none is given.

import { html } from "./dom.mjs";
import { fromQuery, initialValues, toQuery } from "./settings.mjs";
import { sheet } from "./style.mjs";

export class Visualiser extends HTMLElement {
  /** What the card is called. */
  static title = "";
  /** Its settings (see settings.mjs), in the order of their controls. */
  static settings = {};
  /** More style rules of this visualiser alone. */
  static css = "";

  static register(tag) {
    if (!customElements.get(tag)) customElements.define(tag, this);
  }

  /** Called once, when stage and controls exist. To be overridden where something is kept between drawings. */
  prepare() {}

  /** Draws `this.values` on `this.stage` and calls `this.say`. To be overridden. */
  draw() {
    throw new Error(`${this.localName} doesn't draw anything`);
  }

  connectedCallback() {
    if (this.shadowRoot) return;
    const { settings } = this.#class;
    const own = Object.fromEntries(
      Object.keys(settings)
        .filter((name) => this.hasAttribute(name))
        .map((name) => [name, this.getAttribute(name)]),
    );
    this.initial = initialValues(settings, own);
    this.values = { ...this.initial, ...initialValues(settings, { ...own, ...fromQuery(settings, this.prefix, location.search) }) };
    this.#build();
    this.#followTheme();
    this.prepare();
    this.refresh();
  }

  /** Whose title, settings and rules these are. */
  get #class() {
    return /** @type {typeof Visualiser} */ (this.constructor);
  }

  /** What stands before the point in the address. */
  get prefix() {
    return this.getAttribute("name") ?? this.localName;
  }

  /** Changes settings: `this.set({ stride: 2 })` redraws and writes the address. */
  set(changes) {
    Object.assign(this.values, changes);
    this.refresh();
    this.#writeAddress();
  }

  /** Some browsers refuse too many changes of the address in a short time, as of a key held down: then a little later. */
  #writeAddress() {
    clearTimeout(this.#writing);
    const query = toQuery(this.#class.settings, this.prefix, this.values, this.initial, location.search);
    try {
      history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    } catch (error) {
      if (error.name !== "SecurityError") throw error;
      this.#writing = setTimeout(() => this.#writeAddress(), 2000);
    }
  }

  /** Shows the values in the controls and draws anew. A drawing that can't be made says why. */
  refresh() {
    for (const [name, control] of Object.entries(this.controls)) control.show(this.values[name]);
    this.problem.textContent = "";
    try {
      this.draw();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.stage.replaceChildren();
      this.complain(error.message);
    }
  }

  /** Says what is to be seen now. Screen readers hear it when the reader pauses. */
  say(text) {
    this.status.textContent = text;
    clearTimeout(this.#speaking);
    this.#speaking = setTimeout(() => (this.spoken.textContent = text), 400);
  }

  /** Says at once what can't be done; a drawing may also throw a RangeError. */
  complain(text) {
    this.problem.textContent = text;
    this.say("");
  }

  #speaking;
  #writing;

  #build() {
    const { title, settings, css } = this.#class;
    const root = this.attachShadow({ mode: "open" });
    const own = new CSSStyleSheet();
    own.replaceSync(css);
    root.adoptedStyleSheets = [sheet, own];
    this.controls = Object.fromEntries(
      Object.entries(settings)
        .map(([name, setting]) => [name, this.control(name, setting)])
        .filter(([, c]) => c),
    );
    this.panel = html(
      "fieldset",
      { class: "controls" },
      html("legend", { class: "sr" }, `Settings of: ${title}`),
      Object.values(this.controls).map((c) => c.element),
    );
    this.stage = html("div", { class: "stage" });
    this.problem = html("p", { class: "problem", role: "alert" });
    this.status = html("p", { class: "status", "aria-hidden": "true" });
    this.spoken = html("p", { class: "sr", role: "status" });
    const reset = html("button", { type: "button", onclick: () => this.set({ ...this.initial }) }, "Reset");
    const link = html("button", { type: "button", onclick: () => this.#copyLink(link) }, "Copy link");
    const head = html("div", { class: "head" }, html("p", { class: "title" }, title), html("div", { class: "buttons" }, reset, link));
    root.append(
      html(
        "div",
        { class: "card", role: "group", "aria-label": title },
        head,
        this.panel,
        this.problem,
        this.stage,
        this.status,
        this.spoken,
      ),
    );
  }

  /**
   * The control of one setting: `{ element, show(value) }`; null for one that the stage itself lets change
   * (grids and texts have no control of their own unless this is overridden).
   */
  control(name, setting) {
    const make = { number: numberControl, choice: choiceControl, toggle: toggleControl }[setting.kind];
    return make
      ? make(
          setting,
          (value) => this.set({ [name]: value }),
          (message) => (this.problem.textContent = message),
        )
      : null;
  }

  /** To this very place, with these settings. */
  async #copyLink(button) {
    const query = toQuery(this.#class.settings, this.prefix, this.values, this.initial, "");
    const address = new URL(location.href);
    address.search = query;
    address.hash = this.closest("[id]")?.id ?? "";
    try {
      await navigator.clipboard.writeText(address.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copy it from the address bar";
    }
    setTimeout(() => (button.textContent = "Copy link"), 2000);
  }

  #followTheme() {
    const page = document.documentElement;
    const follow = () => this.toggleAttribute("data-dark", page.dataset.theme === "dark");
    new MutationObserver(() => (follow(), this.refresh())).observe(page, { attributeFilter: ["data-theme"] });
    follow();
  }
}

/** A field for one number: `{ element, show(value) }`, as all controls. */
export function numberControl(setting, change, complain) {
  const limit = (value) => (Number.isFinite(value) ? value : undefined);
  const read = () => {
    try {
      const value = setting.parse(input.value);
      input.removeAttribute("aria-invalid");
      change(value);
    } catch (error) {
      input.setAttribute("aria-invalid", "true");
      complain(error.message);
    }
  };
  const input = html("input", { type: "number", min: limit(setting.min), max: limit(setting.max), step: setting.step, oninput: read });
  const show = (value) => {
    if (Number(input.value) !== value || input.value === "") input.value = setting.format(value);
    input.removeAttribute("aria-invalid");
  };
  return { element: html("label", {}, setting.label, input), show };
}

function choiceControl(setting, change) {
  const options = Object.entries(setting.options).map(([value, text]) => html("option", { value }, text));
  const select = html("select", { onchange: () => change(select.value) }, options);
  return { element: html("label", {}, setting.label, select), show: (value) => (select.value = value) };
}

/** A box for yes or no: `{ element, show(value) }`. */
export function toggleControl(setting, change) {
  const box = html("input", { type: "checkbox", onchange: () => change(box.checked) });
  return { element: html("label", { class: "toggle" }, box, setting.label), show: (value) => (box.checked = value) };
}
