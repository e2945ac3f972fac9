/* Paper is light and has nothing to press: a page printed in dark mode takes the light theme for as long as that
   lasts, and its answers are open. Folded code stays folded; folds of the theme's own kind open by themselves. */
(() => {
  const page = document.documentElement;
  let theme = null;
  let opened = [];

  function prepare() {
    theme ??= page.dataset.theme;
    page.dataset.theme = "light";
    opened = [...opened, ...document.querySelectorAll("article details:not(.hide):not([open])")];
    for (const fold of opened) fold.open = true;
  }

  function restore() {
    if (theme !== null) page.dataset.theme = theme;
    theme = null;
    for (const fold of opened) fold.open = false;
    opened = [];
  }

  window.addEventListener("beforeprint", prepare);
  window.addEventListener("afterprint", restore);
})();
