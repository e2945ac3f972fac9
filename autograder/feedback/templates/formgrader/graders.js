/* The list of submissions, for a class that is split among graders: who marks which, and only one grader's if so wished. */
(function () {
  "use strict";

  const NOBODY = "-";
  const keep = (name, value) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't in every browser
    document.cookie = `${name}=${encodeURIComponent(value)}; path=${base_url || ""}/; max-age=${value ? 31536000 : 0}; SameSite=Lax`;
  };
  const about = $.getJSON(`${base_url}/formgrader/api/marking/list/${assignment_id}`);

  const nbgradersRow = insertRow;
  insertRow = function (table) {
    const row = nbgradersRow(table);
    row.append($("<td/>").addClass("text-center asked"), $("<td/>").addClass("text-center marked-by"));
    return row;
  };

  const render = SubmittedNotebookUI.prototype.render;
  SubmittedNotebookUI.prototype.render = function () {
    render.apply(this, arguments);
    const asked = this.model.get("asked");
    this.$el
      .find(".asked")
      .text(asked || "")
      .attr("data-order", asked);
    this.$el.find(".marked-by").text(this.model.get("grader") || "");
  };

  $(document).ready(function () {
    $("#main-table")
      .closest("table")
      .find("thead tr")
      .append($("<th/>").addClass("text-center").text("Asked again?"), $("<th/>").addClass("text-center").text("Marked by"));
    about.done((told) => {
      const bar = $("<div/>").addClass("graders");
      $("#toggle_names").before(bar);
      bar.append(name(told), told.graders.length ? choice(told) : null);
      if (told.trouble) bar.before($("<p/>").addClass("alert alert-danger").attr("role", "alert").text(told.trouble));
    });
  });

  function name(told) {
    if (told.signed_in) return $("<span/>").text(`You are ${told.me}.`);
    const field = $("<input/>").attr({ type: "text", maxlength: 80, size: 12, autocomplete: "off" }).val(told.me);
    field.on("change", () => keep("autograder-grader", field.val().trim()));
    return $("<label/>").text("You are").append(field);
  }

  function choice(told) {
    const mine = told.graders.includes(told.me) ? told.me : "";
    const known = [NOBODY, ...told.graders];
    const chosen = document.cookie.includes("autograder-shown=") && known.includes(told.shown) ? told.shown : "";
    const list = $("<select/>").append($("<option/>").val("").text("everybody"));
    for (const grader of told.graders)
      list.append(
        $("<option/>")
          .val(grader)
          .text(grader === mine ? `${grader} (you)` : grader),
      );
    list.append($("<option/>").val(NOBODY).text("nobody")).val(chosen);
    list.on("change", () => {
      keep("autograder-shown", list.val());
      show(list.val());
    });
    whenLoaded(() => show(chosen));
    return $("<label/>").text("Show those marked by").append(list);
  }

  const whenLoaded = (then) => (models?.loaded ? then() : setTimeout(() => whenLoaded(then), 100));

  let shown = "";
  $.fn.dataTable.ext.search.push((settings, values) => !shown || values[values.length - 1] === (shown === NOBODY ? "" : shown));

  function show(grader) {
    shown = grader;
    $("#main-table").closest("table").DataTable().draw();
  }
})();
