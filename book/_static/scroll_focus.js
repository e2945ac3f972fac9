/* A formula that is too wide for its column is set smaller, as far as it stays readable.
   A box that scrolls sideways must be reachable by keyboard: give it a tab stop,
   and only while it does scroll. The theme does so for code and its results. */
(() => {
  const SMALLEST = 0.65; // of its size; below that it scrolls
  const boxes = "div.math .katex-display, .pst-scrollable-table-container";

  function fit(formula) {
    formula.style.fontSize = "";
    const share = formula.clientWidth / formula.scrollWidth;
    if (share < 1 && share >= SMALLEST) formula.style.fontSize = `${Math.floor(98 * share)}%`;
  }

  function update() {
    document.querySelectorAll("div.math .katex-display").forEach(fit);
    for (const box of document.querySelectorAll(boxes)) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      if (scrolls) {
        box.setAttribute("tabindex", "0");
      } else {
        box.removeAttribute("tabindex");
      }
    }
  }

  // What is drawn late pushes the place away that a link led to: until the reader moves, the page stays with it.
  let moved = false;
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    window.addEventListener(kind, () => (moved = true), { once: true, passive: true });
  }
  function arrive() {
    if (moved || location.hash.length < 2) return;
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: "instant" });
  }
  const growing = new ResizeObserver(arrive);

  window.addEventListener("load", () => {
    update();
    growing.observe(document.body);
    setTimeout(() => growing.disconnect(), 3000);
  });
  window.addEventListener("resize", update);
  // What an opened fold shows has a width only now; the theme looks again when the window changes.
  document.addEventListener("toggle", () => window.dispatchEvent(new Event("resize")), true);
  document.fonts.addEventListener("loadingdone", update); // formulas grow with their fonts
})();
