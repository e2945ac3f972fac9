/* The formgrader's page of a submission, for several people who grade: a save that would undo somebody else's change is refused by the
   server, and shown here with both versions. Nothing that was typed is lost: not by a refusal, a lost connection or a click on "Next".
   nbgrader's own scripts stand above this one; what is replaced of theirs is named in `hook`. */
(function () {
  "use strict";

  const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const answers = {}; // by the cell's id: its views, its panel
  let saving = 0; // requests under way
  let leaving = null; // where a click wanted to go meanwhile
  const FIELDS = {
    manual_score: { kind: "grade", title: "Points", input: "$score" },
    extra_credit: { kind: "grade", title: "Extra credit", input: "$extra_credit" },
    manual_comment: { kind: "comment", title: "Comment", input: "$comment" },
  };
  const SEEN = { manual_score: "manual_score", extra_credit: "extra_credit", manual_comment: "comment" }; // as the server calls them

  // ---- small things

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return made;
  }

  const button = (words, onclick, kind = "default") =>
    element("button", { type: "button", class: `btn btn-sm btn-${kind}`, onclick }, words);
  const plain = (value) => (value === null || value === undefined ? "" : String(value));
  const same = (one, other) => plain(one) === plain(other) || (plain(one) !== "" && plain(other) !== "" && Number(one) === Number(other));
  const shown = (value) => (plain(value) === "" ? "nothing" : plain(value));
  const answerOf = (name) => (answers[name] = answers[name] || { name });

  function clock(at) {
    const time = new Date(at);
    const today = time.toDateString() === new Date().toDateString();
    return time.toLocaleString([], today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" });
  }

  // ---- what is replaced of nbgrader's scripts

  function hook() {
    const sync = Backbone.sync;
    Backbone.sync = function (method, model, options) {
      if (method === "update") {
        options.attrs = Object.assign(model.toJSON(options), { page });
        const done = begun();
        const complete = options.complete;
        options.complete = function () {
          if (complete) complete.apply(this, arguments);
          done();
        };
      }
      return sync(method, model, options);
    };
    started(GradeUI, "grade");
    started(CommentUI, "comment");
    FormGrader.prototype.save = leave;
    $(".score, .extra-credit, .comment").prop("readonly", true); // until what is saved is there, which would replace what is typed
    document.addEventListener("click", onClick, true);
    window.addEventListener("beforeunload", (event) => (saving || undecided()) && event.preventDefault());
  }

  function started(UI, kind) {
    const initialize = UI.prototype.initialize;
    UI.prototype.initialize = function () {
      initialize.apply(this, arguments);
      const answer = answerOf(this.model.get("name"));
      answer[kind] = this;
      answer.element = this.el;
      this.$el.find(kind === "grade" ? ".score, .extra-credit" : ".comment").prop("readonly", false);
      this.listenTo(this.model, "error", (model, response) => refused(answer, kind, response));
      this.listenTo(this.model, "sync", () => saved(answer, kind));
      $(document).trigger("answer_loaded", [answer]);
    };
    const save = UI.prototype.save;
    UI.prototype.save = function () {
      const answer = answerOf(this.model.get("name"));
      if (!waits(answer, kind)) save.apply(this, arguments);
    };
  }

  /* Whether a field of this kind waits for a decision: what is typed meanwhile is kept for it. */
  function waits(answer, kind) {
    const lines = answer.panel ? [...answer.panel.querySelectorAll(".conflict-row.undecided")] : [];
    const mine = lines.filter((line) => FIELDS[line.dataset.field].kind === kind);
    for (const line of mine) {
      line.dataset.mine = answer[kind][FIELDS[line.dataset.field].input].val();
      line.querySelector(".mine").textContent = shown(line.dataset.mine);
    }
    return mine.length > 0;
  }

  /* The keys that lead to another submission: there when all is saved, and only then. */
  async function leave(then) {
    const active = /** @type {HTMLElement} */ (document.activeElement);
    if (["INPUT", "TEXTAREA"].includes(active.tagName)) active.blur();
    await idle();
    if (then && !undecided()) then();
  }

  async function idle() {
    while (saving) await new Promise((go) => setTimeout(go, 30));
  }

  function begun() {
    saving += 1;
    return function () {
      saving -= 1;
      if (!saving && leaving) {
        const to = leaving;
        leaving = null;
        if (!undecided()) window.location = to;
      }
    };
  }

  /* nbgrader's links lead away while a save is under way, whose answer nobody would see. */
  function onClick(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || !saving || link.target || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute("href").startsWith("#"))
      return;
    event.preventDefault();
    leaving = link.href;
  }

  const undecided = () => Object.values(answers).some((answer) => answer.panel?.querySelector(".undecided"));

  // ---- a save that was refused

  function refused(answer, kind, response) {
    answer[kind].$glyph.stop(true, true).hide();
    let told = null;
    try {
      told = response.status === 409 ? JSON.parse(response.responseText) : null;
    } catch {
      told = null;
    }
    if (told) showConflict(answer, told);
    else showFailure(answer, kind, response);
  }

  function showFailure(answer, kind, response) {
    const why = response.status ? `the server says ${response.status} ${response.statusText}` : "the server can't be reached";
    show(answer, "danger", [
      element("p", {}, element("strong", {}, "Not saved: "), `${why}. What you typed is still here.`),
      element(
        "p",
        { class: "undecided" },
        button("Save again", () => answer[kind].save(), "primary"),
      ),
    ]);
  }

  function showConflict(answer, told) {
    const mine = {};
    for (const [name, field] of Object.entries(FIELDS)) {
      const view = answer[field.kind];
      if (!view) continue;
      const theirs = told.seen.values[SEEN[name]];
      const typed = view[field.input].val();
      const before = view.model.get("seen").values[SEEN[name]];
      if (!same(typed, theirs) && (!same(typed, before) || (answer.mine && name in answer.mine))) mine[name] = typed;
    }
    answer.mine = mine;
    for (const kind of ["grade", "comment"]) if (answer[kind]) answer[kind].model.set("seen", told.seen, { silent: true });
    for (const name of Object.keys(FIELDS)) if (!(name in mine)) put(answer, name, told.seen.values[SEEN[name]]);
    const rows = Object.keys(mine).map((name) => row(answer, name, told.seen.values[SEEN[name]], mine[name]));
    show(answer, "warning", [
      element(
        "p",
        {},
        element(
          "strong",
          {},
          `Not saved: ${told.changes.length ? "this answer was changed" : "this answer was graded again"} since you opened it.`,
        ),
      ),
      told.changes.length ? element("ul", {}, told.changes.map(change)) : null,
      told.regraded ? regraded() : null,
      rows,
    ]);
  }

  function regraded() {
    const link = element("a", { href: window.location.href, target: "_blank" }, "look at it as it is now");
    return element(
      "p",
      {},
      "It was graded again by the checks: the answer, or its points by checks, are other ones (",
      link,
      ", in a new tab).",
    );
  }

  function change(told) {
    const fields = [
      ["Points", "manual_score"],
      ["Extra credit", "extra_credit"],
      ["Comment", "comment"],
    ];
    const parts = fields
      .filter(([, name]) => !same(told.before[name], told.after[name]))
      .map(([title, name]) => `${title.toLowerCase()}: ${shown(told.before[name])} → ${shown(told.after[name])}`);
    const who = told.who ? `${told.who}, ${clock(told.at)}` : "A command of the course, or a program";
    return element("li", {}, element("strong", {}, who), ` – ${parts.join("; ") || "saved and took it back"}`);
  }

  /* One field that both changed: theirs stands in the gradebook until one of the buttons says otherwise. */
  function row(answer, name, theirs, mine) {
    const field = FIELDS[name];
    const state = element("span", { class: "chosen", role: "status" });
    const line = element("div", { class: "conflict-row undecided", "data-field": name, "data-mine": plain(mine) });
    const own = () => line.dataset.mine;
    const choose = (value, words, save) => {
      put(answer, name, value);
      line.classList.remove("undecided");
      state.textContent = words;
      if (save) answer[field.kind].save();
    };
    const both = name === "manual_comment" && plain(theirs) && plain(mine);
    line.append(
      element(
        "dl",
        {},
        element("dt", {}, `${field.title} in the gradebook`),
        element("dd", {}, shown(theirs)),
        element("dt", {}, `${field.title} as you had it`),
        element("dd", { class: "mine" }, shown(mine)),
      ),
      element(
        "p",
        {},
        button("Keep what is saved", () => choose(theirs, "kept what was saved"), "default"),
        button("Save mine", () => choose(own(), "saved yours", true), "primary"),
        both ? button("Save both", () => choose(`${theirs}\n\n${own()}`, "saved both", true), "primary") : null,
        state,
      ),
    );
    return line;
  }

  function put(answer, name, value) {
    const view = answer[FIELDS[name].kind];
    if (!view) return;
    view.model.set({ [name]: value === "" ? null : value });
    view[FIELDS[name].input].val(plain(value));
    if (name === "manual_comment") autosize.update(view.$comment);
  }

  function show(answer, kind, children) {
    hide(answer);
    const close = element("button", { type: "button", class: "close", "aria-label": "Close", onclick: () => hide(answer) }, "×");
    answer.panel = element("div", { class: `refused alert alert-${kind}`, role: "alert", tabindex: "-1" }, close, children);
    answer.panel.addEventListener("keydown", (event) => ["Enter", "Tab", " "].includes(event.key) && event.stopPropagation());
    answer.element.querySelector(".panel-heading").after(answer.panel);
    answer.panel.focus();
  }

  function hide(answer) {
    if (answer.panel) answer.panel.remove();
    answer.panel = null;
    answer.mine = null;
  }

  /* What was saved needs no decision any more; a panel that says only that goes. */
  function saved(answer, kind) {
    $(document).trigger("answer_saved", [answer, kind]);
    if (!answer.panel) return;
    for (const line of answer.panel.querySelectorAll(".conflict-row.undecided")) {
      if (FIELDS[line.dataset.field].kind === kind) line.classList.remove("undecided");
    }
    if (!answer.panel.querySelector(".conflict-row")) hide(answer);
  }

  window.marking = { idle, page, answers, answerOf, element, button, plain, same, begun, put, showConflict, clock };
  hook();
})();
