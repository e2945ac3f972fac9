// The look all visualisers share. Colours come from the page's theme, so that light and dark follow it;
// the colours of data are those of the book's figures (Okabe and Ito), lighter in the dark.

const CSS = `
:host {
  --ink: var(--pst-color-text-base, #1f2328);
  --muted: var(--pst-color-text-muted, #57606a);
  --ground: var(--pst-color-background, #fff);
  --surface: var(--pst-color-surface, #f3f4f5);
  --line: var(--pst-color-border, #c9c9c9);
  --accent: var(--pst-color-link, #0f5bbf);
  --blue: #0072b2; --orange: #b84a00; --green: #007a5a; --purple: #9a3a86; --yellow: #f0e442;
  --blue-soft: #cfe6f5; --orange-soft: #fbe0cf; --green-soft: #cdeee3; --purple-soft: #f2dcee; --yellow-soft: #fbf7c5;
  display: block;
  margin-block: 1.25rem;
  color: var(--ink);
  font-size: 0.95rem;
}
:host([hidden]), [hidden] { display: none !important; }
:host([data-dark]) {
  --blue: #56b4e9; --orange: #ff9a57; --green: #2fd0a0; --purple: #e08bd0; --yellow: #f0e442;
  --blue-soft: #17384d; --orange-soft: #4d2a12; --green-soft: #10402f; --purple-soft: #452038; --yellow-soft: #4a4712;
}
* { box-sizing: border-box; }
.card { border: 1px solid var(--line); border-radius: 0.5rem; background: var(--ground); padding: 0.9rem; }
.head { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: baseline; justify-content: space-between; margin-bottom: 0.6rem; }
.title { font-weight: 600; margin: 0; font-size: 1.05rem; }
.controls { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: end; border: 0; padding: 0; margin: 0 0 0.75rem; min-width: 0; }
.controls label, .field { display: inline-flex; flex-direction: column; gap: 0.15rem; color: var(--ink); font-size: 0.85rem; }
.controls label.toggle { flex-direction: row; align-items: center; gap: 0.4rem; padding-block: 0.4rem; }
input, select, textarea, button { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--muted); border-radius: 0.3rem; padding: 0.3rem 0.45rem; min-height: 2.1rem; }
input[type="number"] { width: 5.2rem; }
input[type="checkbox"], input[type="radio"] { width: 1.15rem; height: 1.15rem; min-height: 0; accent-color: var(--accent); }
input[type="range"] { padding: 0; accent-color: var(--accent); }
[aria-invalid="true"] { border: 2px solid var(--orange); }
button { cursor: pointer; padding-inline: 0.8rem; }
button:hover:not(:disabled):not(.primary) { background: var(--surface); }
button:disabled { opacity: 0.55; cursor: default; }
button.primary { background: var(--accent); color: var(--ground); border-color: var(--accent); }
button.primary:hover:not(:disabled) { filter: brightness(1.1); }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.stage { overflow-x: auto; }
.stage svg { display: block; max-width: 100%; height: auto; }
.stage svg text { fill: var(--ink); font-family: inherit; }
.status { margin: 0.6rem 0 0; min-height: 1.5em; }
.problem { color: var(--orange); font-weight: 600; margin: 0.3rem 0; }
.problem:empty { display: none; }
.note { color: var(--muted); font-size: 0.85rem; margin: 0.4rem 0 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border: 1px solid var(--line); padding: 0.25rem 0.5rem; text-align: right; }
th { background: var(--surface); font-weight: 600; }
caption { text-align: left; font-weight: 600; padding-block: 0.3rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.sr { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { .controls, .buttons { display: none; } }
`;

/** The style sheet, made once for all. */
export const sheet = (() => {
  const made = new CSSStyleSheet();
  made.replaceSync(CSS);
  return made;
})();
