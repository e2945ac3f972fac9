/* Items of a question, below the answer and beside its mark scheme: reusable comments with points. A click gives an answer one, another
   click takes it away. By keyboard: Tab leads from the points to the items and on to the comment; there the arrow keys move, a digit or
   the space bar gives or takes away, "n" makes a new one and "e" changes one. */
(function () {
  "use strict";

  const { page, answers, element, button, begun, put, showConflict } = window.marking;
  const address = `${base_url}/api/marking`;
  const signed = (points) => (points > 0 ? `+${points}` : String(points).replace("-", "\u2212"));
  let rubric = null; // by cell

  async function ask(method, path, body) {
    const done = begun();
    try {
      const headers = { "Content-Type": "application/json", "X-XSRFToken": getCookie("_xsrf") || "" };
      const options = method === "GET" ? {} : { method, headers, body: JSON.stringify({ ...body, page }) };
      const response = await fetch(`${address}/${path}`, { credentials: "same-origin", ...options });
      const text = await response.text();
      let told = null;
      try {
        told = JSON.parse(text);
      } catch {
        told = { said: `the server says ${response.status} ${response.statusText}` };
      }
      return { ok: response.ok, status: response.status, told };
    } catch {
      return { ok: false, status: 0, told: { said: "the server can't be reached" } };
    } finally {
      done();
    }
  }

  window.marking.ask = ask;

  function load() {
    ask("GET", `items/${submission_id}`).then(({ ok, told }) => {
      if (!ok) return;
      rubric = told;
      for (const answer of Object.values(answers)) draw(answer);
    });
  }

  function draw(answer) {
    if (!rubric?.[answer.name] || !answer.grade || !answer.comment) return;
    const { items, from_full } = rubric[answer.name];
    const had = answer.items?.contains(document.activeElement) ? document.activeElement.getAttribute("data-id") : null;
    const words = items.length ? `Items, counted ${from_full ? `down from ${answer.grade.model.get("max_score")}` : "up from 0"}` : "Items";
    const said = element("p", { class: "said", role: "status" });
    const made = element(
      "div",
      { class: "items", role: "group", "aria-label": "Items: comments with points" },
      element("p", { class: "items-title" }, words),
      element(
        "ol",
        {},
        items.map((item, index) => entry(answer, item, index)),
      ),
      button("New item", () => form(answer, null)),
      said,
    );
    made.addEventListener("keydown", (event) => onKey(answer, event));
    if (answer.items) answer.items.replaceWith(made);
    else answer.element.querySelector(".panel-footer").prepend(made);
    answer.items = made;
    rove(answer, had);
    if (had) made.querySelector(`.give[data-id="${had}"]`)?.focus();
  }

  function entry(answer, item, index) {
    const give = element(
      "button",
      { type: "button", class: "give", "aria-pressed": String(item.given), "data-id": item.id, onclick: () => toggle(answer, item) },
      element("kbd", { "aria-hidden": "true" }, index < 9 ? String(index + 1) : "\u00a0"),
      element("span", { class: "worth" }, signed(item.points)),
      element("span", {}, item.text),
    );
    const change = element(
      "button",
      { type: "button", class: "change", tabindex: "-1", "aria-label": `Change: ${item.text}`, onclick: () => form(answer, item) },
      "change",
    );
    return element("li", {}, give, element("span", { class: "often", title: "how many answers have it" }, `${item.count}×`), change);
  }

  /* One stop of the Tab key for all items. */
  function rove(answer, id) {
    const all = [...answer.items.querySelectorAll(".give")];
    const one = all.find((give) => give.dataset.id === String(id)) || all[0];
    for (const give of all) give.tabIndex = give === one ? 0 : -1;
  }

  function onKey(answer, event) {
    if (event.target.closest("form")) return;
    if (["Enter", " "].includes(event.key)) return event.stopPropagation(); // else nbgrader leads Enter to the last field
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const all = [...answer.items.querySelectorAll(".give")];
    const here = all.indexOf(event.target.closest("li")?.querySelector(".give"));
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    const item = (give) => rubric[answer.name].items.find((one) => String(one.id) === give.dataset.id);
    if (to !== undefined && all[to]) {
      rove(answer, all[to].dataset.id);
      all[to].focus();
    } else if (/^[1-9]$/.test(event.key) && all[event.key - 1]) toggle(answer, item(all[event.key - 1]));
    else if (event.key === "e" && here >= 0) form(answer, item(all[here]));
    else if (event.key === "n") form(answer, null);
    else return;
    event.preventDefault();
  }

  async function toggle(answer, item) {
    await typed(answer);
    if (answer.panel?.querySelector(".undecided")) return say(answer, "Decide above first what is to be saved.");
    const body = { given: !item.given, seen: answer.grade.model.get("seen") };
    const { ok, status, told } = await ask("PUT", `given/${item.id}/${submission_id}`, body);
    if (status === 409) showConflict(answer, told);
    else if (!ok) say(answer, `Not saved: ${told.said}.`);
    else take(answer, told);
  }

  /* What stands in a field and isn't saved yet is saved first, so that nothing of it is lost. */
  async function typed(answer) {
    for (const [view, input, name] of [
      [answer.grade, "$score", "manual_score"],
      [answer.comment, "$comment", "manual_comment"],
    ]) {
      if (!window.marking.same(view[input].val(), view.model.get(name))) {
        const field = view[input][0];
        view.save();
        if (document.activeElement === field) field.blur();
      }
    }
    await window.marking.idle();
  }

  function take(answer, told) {
    rubric[answer.name] = { items: told.items, from_full: told.from_full };
    if (told.grade) {
      answer.grade.model.set({ needs_manual_grade: told.grade.needs_manual_grade });
      put(answer, "manual_score", told.grade.manual_score);
      put(answer, "manual_comment", told.comment.manual_comment);
    }
    draw(answer);
  }

  const say = (answer, words) => (answer.items.querySelector(".said").textContent = words);

  // ---- a new item, or a change of one

  function form(answer, item) {
    const points = element("input", { type: "text", inputmode: "decimal", size: 4, required: true, value: item ? item.points : "" });
    const text = element("textarea", { rows: 2, required: true, maxlength: 1000 }, item ? item.text : "");
    const said = element("p", { class: "said", role: "alert" });
    const close = () => {
      draw(answer);
      answer.items.querySelector(item ? `.give[data-id="${item.id}"]` : ".btn")?.focus();
    };
    const made = element(
      "form",
      { class: "item-form", novalidate: true },
      element("label", {}, "Points", points),
      element("label", { class: "wide" }, "Comment", text),
      element(
        "p",
        {},
        element("button", { type: "submit", class: "btn btn-sm btn-primary" }, item ? "Change it" : "Add it"),
        item ? button("Remove", () => remove(answer, item, said, close)) : null,
        button("Cancel", close),
      ),
      said,
    );
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      send(answer, item, { points: points.value.replace(",", ".").replace("\u2212", "-"), text: text.value }, said, close);
    });
    made.addEventListener("keydown", (event) => {
      event.stopPropagation(); // here keys are the browser's own
      if (event.key === "Escape") close();
    });
    const old = item && answer.items.querySelector(`.give[data-id="${item.id}"]`).closest("li");
    if (old) old.replaceChildren(made);
    else answer.items.querySelector(":scope > .btn").replaceWith(made);
    points.focus();
    points.select();
  }

  async function send(answer, item, wanted, said, close, sure = false) {
    const body = item ? { ...wanted, sure, was: { text: item.text, points: item.points } } : wanted;
    const { ok, told } = item
      ? await ask("PUT", `item/${item.id}/${submission_id}`, body)
      : await ask("POST", `items/${submission_id}/${answer.name}`, body);
    if (!ok || told.said) return (said.textContent = `Not saved: ${told.said || "the server is busy"}.`);
    if (told.changes) {
      const all = told.changes === 1 ? "1 answer that has it" : `${told.changes} answers that have it`;
      said.replaceChildren(
        `This changes points and comment of ${all}. `,
        button(`Change ${told.changes === 1 ? "it" : "them"}`, () => send(answer, item, wanted, said, close, true), "primary"),
      );
      return said.querySelector("button").focus();
    }
    take(answer, told);
    close();
  }

  async function remove(answer, item, said, close) {
    const { ok, told } = await ask("DELETE", `item/${item.id}/${submission_id}`, {});
    if (!ok || told.said) return (said.textContent = `Not removed: ${told.said || "the server is busy"}.`);
    take(answer, told);
    close();
  }

  // ---- the Tab key: items lie between the points and the comment

  function step(by) {
    const stops = $(".tabbable, .items .give[tabindex='0']").get();
    const inItems = document.activeElement.closest(".items")?.querySelector(".give[tabindex='0']");
    const here = stops.indexOf(inItems || formgrader.last_selected[0]);
    const to = stops[(here + by + stops.length) % stops.length];
    to.focus();
    if (to.tagName === "TEXTAREA")
      to.setSelectionRange(to.value.length, to.value.length); // else the next key replaces all of it
    else if (to.select) to.select();
  }
  for (const [name, by] of [
    ["selectNextInput", 1],
    ["selectPrevInput", -1],
  ]) {
    FormGrader.prototype[name] = function (event) {
      event.preventDefault();
      event.stopPropagation();
      step(by);
    };
  }

  $(document).on("answer_loaded", (event, answer) => draw(answer));
  $(document).on("answer_saved", (event, answer, kind) => kind === "grade" && answer.items && load());
  load();
})();
