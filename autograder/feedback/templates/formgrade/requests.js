/* What a student asks to be looked at again, at the head of her answer, and what a person answers. */
(function () {
  "use strict";

  const { answers, element, button, ask, clock } = window.marking;
  let requests = []; // of this submission
  const typed = {}; // what is being answered, by the request's id

  function load() {
    ask("GET", `requests/${submission_id}`).then(({ ok, told }) => {
      if (!ok) return;
      requests = told;
      for (const answer of Object.values(answers)) draw(answer);
    });
  }

  function draw(answer) {
    if (answer.asked) answer.asked.remove();
    const here = requests.filter((one) => one.cell === answer.name && answer.grade);
    if (!here.length) return;
    answer.asked = element(
      "div",
      { class: "asked" },
      here.map((one) => (one.answer === null || one.id in typed ? open(answer, one) : done(answer, one))),
    );
    answer.asked.addEventListener("keydown", (event) => ["Enter", "Tab", " "].includes(event.key) && event.stopPropagation());
    answer.element.querySelector(".panel-heading").after(answer.asked);
  }

  const sentence = (one) =>
    element("p", {}, element("strong", {}, `Asked to look again, ${clock(one.at)}: `), element("q", {}, one.sentence));

  function open(answer, one) {
    const field = element(
      "textarea",
      { rows: 2, maxlength: 2000, "aria-label": "Answer to the student" },
      typed[one.id] || one.answer || "",
    );
    field.addEventListener("input", () => (typed[one.id] = field.value));
    const said = element("p", { role: "alert" });
    const points =
      one.before === null ? "There were no points then." : `The points were ${one.before} then; if they are to change, change them first.`;
    return element(
      "div",
      {},
      sentence(one),
      element("p", {}, points, " The answer stands in the next feedback page, with what the points are now."),
      field,
      button("Answer", () => send(one, field, said), "primary"),
      said,
    );
  }

  function done(answer, one) {
    const again = button("Change the answer", () => {
      typed[one.id] = one.answer;
      draw(answer);
    });
    return element(
      "div",
      {},
      sentence(one),
      element("p", {}, element("strong", {}, `${one.by}: `), `${one.answer} (${one.points})`),
      again,
    );
  }

  async function send(one, field, said) {
    await window.marking.idle(); // the points first
    const { ok, told } = await ask("PUT", `answer/${one.id}/${submission_id}`, { answer: field.value, was: one.answer });
    if (!ok && !told.requests) return (said.textContent = `Not saved: ${told.said}.`);
    requests = told.requests;
    if (ok) delete typed[one.id];
    else typed[one.id] = field.value;
    for (const answer of Object.values(answers)) draw(answer);
    const shown = document.querySelector(".asked [role=alert]");
    if (!ok && shown) shown.textContent = `Not saved: ${told.said}. Your words are still here.`;
  }

  $(document).on("answer_loaded", (event, answer) => draw(answer));
  window.addEventListener("beforeunload", (event) => Object.keys(typed).length && event.preventDefault());
  load();
})();
