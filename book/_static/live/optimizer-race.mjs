// <optimizer-race>: rules of descent, with the learner's own settings, on the chapter's surfaces of two weights.

import { contestants, rulesTable } from "./contestants.mjs";
import { arrow, css, scientific } from "./fields.mjs";
import { html, reducedMotion, svg } from "./lib/dom.mjs";
import { choice, fromQuery, number } from "./lib/settings.mjs";
import { Visualiser } from "./lib/visualiser.mjs";
import { RULES, arrival, descend } from "./maths/descent.mjs";
import { SURFACES } from "./maths/surfaces.mjs";
import { axes, frame, ground, names, trail } from "./racemap.mjs";

const MOST_STEPS = 4000;
class OptimizerRace extends Visualiser {
  static title = "Optimizer race";
  static settings = {
    surface: choice("Surface", {
      initial: "ravine",
      options: Object.fromEntries(Object.entries(SURFACES).map(([name, { title }]) => [name, title])),
    }),
    w1: number("Start w₁", { initial: SURFACES.ravine.start[0], min: -10, max: 10, step: 0.01 }),
    w2: number("Start w₂", { initial: SURFACES.ravine.start[1], min: -10, max: 10, step: 0.01 }),
    steps: number("Steps", { initial: 40, min: 0, max: MOST_STEPS }),
    speed: choice("Speed", {
      initial: "20",
      options: { 5: "5 steps a second", 20: "20 steps a second", 100: "100 steps a second", 500: "500 steps a second" },
    }),
    eps: number("ε", { initial: 1e-8, min: 1e-12, max: 10, step: 0.5 ** 40 }),
    ...contestants,
  };
  static css = `${css}
.controls select { max-width: 17rem; }
.scroll { overflow-x: auto; margin-block: 0.75rem; }
.rules td, .rules th { padding: 0.15rem 0.25rem; text-align: left; }
.rules input[type="number"] { width: 4.4rem; padding-inline: 0.25rem; appearance: textfield; }
.rules input::-webkit-inner-spin-button { display: none; }
.rules label { display: flex; align-items: center; gap: 0.35rem; min-height: 2rem; white-space: nowrap; font-weight: 400; }
.rules .letter { color: var(--muted); font-size: 0.8rem; }
.rules svg { flex: none; }
.map svg { cursor: crosshair; max-width: none; }
.results td.remark { text-align: left; }
.results tr.lost td { color: var(--orange); }
@media (max-width: 34rem) {
  .rules, .rules tbody { display: block; }
  .rules thead, .rules td:empty { display: none; }
  .rules tr { display: flex; flex-wrap: wrap; align-items: center; border-top: 1px solid var(--line); padding-block: 0.2rem; }
  .rules th { flex: 0 0 9.2rem; border: 0; background: none; }
  .rules td { border: 0; display: flex; align-items: center; gap: 0.2rem; }
  .rules input[type="number"] { width: 3.6rem; }
  .results { font-size: 0.85rem; } .results th, .results td { padding: 0.2rem 0.3rem; }
}
`;

  prepare() {
    this.own = Object.fromEntries(
      Object.keys(this.initial)
        .filter((name) => this.hasAttribute(name))
        .map((name) => [name, this.initial[name]]),
    );
    const read = fromQuery(OptimizerRace.settings, this.prefix, location.search);
    const placed = this.#placed(this.values.surface);
    this.initial = { ...this.initial, ...placed };
    for (const [name, value] of Object.entries(placed)) if (!(name in read)) this.values[name] = value;
    this.rules = rulesTable(
      OptimizerRace.settings,
      (changes) => this.set(changes),
      (message) => (this.problem.textContent = message),
    );
    this.buttons = this.#buttons();
    this.map = html("div", {
      class: "map",
      role: "application",
      tabindex: "0",
      "aria-label": "Map of the loss: the arrow keys move the start, with Shift by less",
      onkeydown: (event) => this.#key(event),
      onclick: (event) => this.#point(event, true),
      onpointermove: (event) => event.buttons === 1 && event.pointerType === "mouse" && this.#point(event, false),
    });
    this.results = html("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "Results" });
    this.note = html(
      "p",
      { class: "note" },
      "Weight decay pulls towards (0, 0). On the two ravines that is where the minimum lies, which flatters AdamW.",
    );
    new ResizeObserver(() => this.map.clientWidth !== this.width && this.refresh()).observe(this.stage);
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.running);
  }

  control(name, setting) {
    const own = ["surface", "w1", "w2", "steps", "speed", "eps"].includes(name);
    return own ? super.control(name, setting) : null;
  }

  /** Start and rates that show something on a surface; what the page's author has set goes first on theirs. */
  #placed(name) {
    const { start, rates, gamma } = SURFACES[name];
    const lr = Object.entries(rates).map(([rule, rate]) => [`${rule}_lr`, rate]);
    const own = name === this.initial.surface ? this.own : {};
    return { w1: start[0], w2: start[1], ...Object.fromEntries(lr), momentum_gamma: gamma, nesterov_gamma: gamma, ...own };
  }

  /** A change of the surface brings its start and its rates. */
  set(changes) {
    const surface = changes.surface ?? this.values.surface;
    const placed = this.#placed(surface);
    this.initial = { ...this.initial, ...placed };
    super.set(surface === this.values.surface ? changes : { ...changes, ...placed });
  }

  #buttons() {
    const step = html("button", { type: "button", onclick: () => this.#advance(1) }, "Step");
    this.run = html("button", { type: "button", class: "primary", onclick: () => this.#toggle() }, "Run");
    const back = html("button", { type: "button", onclick: () => (this.#pause(), this.set({ steps: 0 })) }, "Back to the start");
    return html("div", { class: "buttons" }, step, this.run, back);
  }

  draw() {
    if (!this.map.isConnected) this.stage.replaceChildren(this.rules.element, this.buttons, this.map, this.results, this.note);
    this.rules.show(this.values);
    this.note.hidden = !this.values.adamw;
    const surface = SURFACES[this.values.surface];
    const start = [this.values.w1, this.values.w2];
    this.ways = Object.keys(RULES)
      .filter((rule) => this.values[rule])
      .map((rule) => ({ rule, name: RULES[rule].name, ...descend(rule, this.#numbers(rule), surface, start, this.values.steps) }));
    this.#drawMap(surface);
    this.results.replaceChildren(this.#resultsTable());
    this.say(this.#summary());
  }

  #numbers(rule) {
    return { eps: this.values.eps, ...Object.fromEntries(RULES[rule].settings.map((name) => [name, this.values[`${rule}_${name}`]])) };
  }

  /** The ground is drawn anew only for another surface or another width. */
  #drawMap(surface) {
    const width = Math.min(680, this.map.clientWidth || 640);
    if (this.drawn !== surface || this.width !== this.map.clientWidth) {
      this.drawn = surface;
      this.width = this.map.clientWidth;
      this.place = frame(surface.box, width);
      const clip = svg(
        "clipPath",
        { id: "map" },
        svg("rect", {
          x: this.place.x(surface.box[0]),
          y: this.place.y(surface.box[3]),
          width: this.place.inner,
          height: this.place.height,
        }),
      );
      this.trails = svg("g", {});
      const picture = svg(
        "svg",
        { width, height: this.place.full, viewBox: `0 0 ${width} ${this.place.full}`, "aria-hidden": "true" },
        clip,
        ground(surface, this.place),
        axes(surface.box, this.place),
        this.trails,
      );
      this.map.replaceChildren(picture);
    }
    const ways = svg(
      "g",
      { "clip-path": "url(#map)" },
      this.ways.map(({ rule, points }) => trail(rule, points, this.place)),
    );
    this.trails.replaceChildren(
      ways,
      names(
        this.ways.map(({ rule, name, points }) => ({ rule, name, point: points.at(-1) })),
        this.place,
      ),
    );
  }

  #resultsTable() {
    const head = ["rule", "step", "loss", "w₁", "w₂", "remark"].map((text) => html("th", { scope: "col" }, text));
    const lines = this.ways.map((way) => {
      const { rule, name, points, losses, diverged } = way;
      const numbers = [points.length - 1, losses.at(-1), ...points.at(-1)].map((value, k) => html("td", {}, k ? figures(value) : value));
      return html(
        "tr",
        { "data-rule": rule, class: diverged ? "lost" : "" },
        html("th", { scope: "row" }, name),
        numbers,
        html("td", { class: "remark" }, remark(way)),
      );
    });
    const caption = html("caption", {}, `After ${this.values.steps} steps`);
    return html("table", { class: "results" }, caption, html("thead", {}, html("tr", {}, head)), html("tbody", {}, lines));
  }

  #summary() {
    if (!this.ways.length) return "No rule is chosen.";
    const lost = this.ways.filter(({ diverged }) => diverged).map(({ name, diverged }) => `${name} diverged at step ${diverged}.`);
    const still = this.ways.filter(({ diverged }) => !diverged).sort((a, b) => a.losses.at(-1) - b.losses.at(-1));
    const best = still.length ? `Lowest loss: ${still[0].name} with ${figures(still[0].losses.at(-1))}.` : "";
    return [`Step ${this.values.steps}.`, best, ...lost].filter(Boolean).join(" ");
  }

  #key(event) {
    const move = arrow(event);
    if (!move) return;
    const [left, right, bottom, top] = SURFACES[this.values.surface].box;
    const part = event.shiftKey ? 200 : 40;
    this.#start(this.values.w1 + (move[1] * (right - left)) / part, this.values.w2 - (move[0] * (top - bottom)) / part, true);
  }

  #point(event, settled) {
    const box = this.map.firstChild.getBoundingClientRect();
    const scale = this.place.width / box.width;
    this.#start(...this.place.weights((event.clientX - box.left) * scale, (event.clientY - box.top) * scale), settled);
  }

  /** Moves the start; the address follows when the mouse is let go. */
  #start(w1, w2, settled) {
    const within = (value) => Math.min(10, Math.max(-10, Number(value.toFixed(2))));
    Object.assign(this.values, { w1: within(w1), w2: within(w2) });
    settled ? this.set({}) : this.refresh();
  }

  #advance(count) {
    this.#pause();
    this.set({ steps: Math.min(MOST_STEPS, this.values.steps + count) });
  }

  #toggle() {
    if (this.running) return this.#pause();
    if (reducedMotion()) return this.#advance(50); // at once, without the motion
    this.run.textContent = "Pause";
    let [before, owed] = [performance.now(), 0];
    const tick = (now) => {
      owed += ((now - before) / 1000) * Number(this.values.speed);
      before = now;
      const count = Math.min(Math.floor(owed), MOST_STEPS - this.values.steps);
      owed -= Math.floor(owed);
      this.values.steps += count;
      if (count) this.refresh();
      const over = this.values.steps === MOST_STEPS || this.ways.every(({ diverged }) => diverged);
      if (over) this.#pause();
      else this.running = requestAnimationFrame(tick);
    };
    this.running = requestAnimationFrame(tick);
  }

  #pause() {
    if (!this.running) return;
    cancelAnimationFrame(this.running);
    this.running = null;
    this.run.textContent = "Run";
    this.set({});
  }
}

/** A loss or a weight with enough digits to compare. */
const figures = (value) => scientific(value, 4);

/** What is to be said of a way: it diverged, it has arrived (as the chapter counts it), or neither. */
function remark({ losses, diverged }) {
  if (diverged) return `diverged at step ${diverged}`;
  const step = arrival(losses);
  return step === null ? "" : `below 0.001 since step ${step}`;
}

OptimizerRace.register("optimizer-race");
