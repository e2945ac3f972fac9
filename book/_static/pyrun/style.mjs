// The look of a program in the page, on top of what all live parts share (live/lib/style.mjs).

export const css = `
:host {
  --active: rgb(127 127 127 / 0.08);
  --selection: #b9d7fb;
  --code-keyword: #7a2a8c; --code-string: #00622f; --code-number: #8f4100; --code-name: #0b57ad;
}
:host([data-dark]) {
  --selection: #2c4a6e;
  --code-keyword: #e3a6f0; --code-string: #9fe0b5; --code-number: #ffb98a; --code-name: #9cc7ff;
}
.title { margin-bottom: 0.5rem; }
.kind { color: var(--muted); font-weight: 400; }
.editor { border: 1px solid var(--muted); border-radius: 0.3rem; }
textarea { width: 100%; font-family: var(--pst-font-family-monospace, monospace); font-size: 0.85rem; resize: vertical; }
pre.prose { white-space: pre-wrap; }
.buttons { margin-top: 0.6rem; }
button { min-height: 2.4rem; }
button[hidden], p[hidden], progress[hidden] { display: none; }
button[aria-disabled="true"] { opacity: 0.55; cursor: default; }
progress { width: 100%; height: 0.6rem; accent-color: var(--accent); margin-top: 0.6rem; }
.status:empty { min-height: 0; margin: 0; }
.report > * { margin: 0.6rem 0 0; }
pre { font-family: var(--pst-font-family-monospace, monospace); font-size: 0.85rem; line-height: 1.45; white-space: pre; max-height: 26rem; overflow: auto; background: var(--surface); border: 1px solid var(--line); border-radius: 0.3rem; padding: 0.6rem; margin: 0; }
pre.err { border-left: 0.3rem solid var(--yellow); }
.report img { display: block; max-width: 100%; height: auto; background: #fff; border: 1px solid var(--line); border-radius: 0.3rem; }
.failure, .check { border-left: 0.3rem solid var(--orange); padding-left: 0.75rem; }
.check.passed { border-left-color: var(--green); }
.verdict { font-weight: 600; margin: 0 0 0.3rem; }
.check ul { margin: 0 0 0.3rem; padding-left: 1.2rem; font-size: 0.9rem; }
.mark { margin-right: 0.4rem; color: var(--orange); }
.passed .mark { color: var(--green); }
.failure button, .check button { margin-top: 0.4rem; }
@media (hover: none) and (pointer: coarse) { #hint { display: none; } } /* there is no Tab key to explain */
@media (pointer: coarse) { textarea { font-size: 16px; } } /* below that, phones zoom in when it is touched */
pre.paper { display: none; }
@media print { .note, .status, progress, .editor, .report button { display: none; } pre, pre.paper { display: block; max-height: none; white-space: pre-wrap; } }
`;
