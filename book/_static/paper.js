/* Paper is light: a page printed in dark mode takes the light theme for as long as that lasts. */
(() => {
  const page = document.documentElement;
  let theme = null;

  function lighten() {
    theme ??= page.dataset.theme;
    page.dataset.theme = "light";
  }

  function restore() {
    if (theme !== null) page.dataset.theme = theme;
    theme = null;
  }

  window.addEventListener("beforeprint", lighten);
  window.addEventListener("afterprint", restore);
})();
