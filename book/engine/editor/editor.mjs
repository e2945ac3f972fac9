// The editor of programs in the page: CodeMirror 6 with Python, bundled when the book is built.

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, ViewPlugin } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours come from the card (see py-run.mjs), so that light and dark follow the page.
const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--ground)", fontSize: "0.85rem" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--pst-font-family-monospace, monospace)", lineHeight: "1.45" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--muted)", border: "0" },
  ".cm-activeLine": { backgroundColor: "var(--active)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--selection)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--muted)" },
  ".cm-failed": { backgroundColor: "var(--orange-soft)" },
});

const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword],
    color: "var(--code-keyword)",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], color: "var(--code-name)" },
]);

/** The line in which a program failed, until it is changed. */
const failing = StateEffect.define();
const failed = StateField.define({
  create: () => Decoration.none,
  update(marks, change) {
    const told = change.effects.find((effect) => effect.is(failing));
    if (told) return told.value ? Decoration.set(Decoration.line({ class: "cm-failed" }).range(told.value)) : Decoration.none;
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Lets the rest of a long line begin further in than its start, so that the indentation stays readable on a phone. */
const hanging = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.marks = indents(view);
    }
    update({ view, docChanged, viewportChanged }) {
      if (docChanged || viewportChanged) this.marks = indents(view);
    }
  },
  { decorations: (plugin) => plugin.marks },
);

function indents(view) {
  const marks = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      const inwards = /^ */.exec(line.text)[0].length + 4;
      const style = `text-indent: -${inwards}ch; padding-left: calc(6px + ${inwards}ch)`;
      marks.add(line.from, line.from, Decoration.line({ attributes: { style } }));
      at = line.to + 1;
    }
  }
  return marks.finish();
}

/**
 * An editor for Python inside `parent`. Tab indents; Escape, then Tab goes on to the next element.
 * @param {{ parent: HTMLElement, root: ShadowRoot, text: string, label: string, describedBy: string,
 *           change: (text: string) => void, run: () => void }} about
 */
export function editor({ parent, root, text, label, describedBy, change, run }) {
  const keys = [
    { key: "Mod-Enter", run: () => (run(), true) },
    { key: "Shift-Enter", run: () => (run(), true) },
  ];
  const extensions = [
    lineNumbers(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    python(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    EditorView.lineWrapping,
    look,
    syntaxHighlighting(colours),
    failed,
    hanging,
    Prec.highest(keymap.of(keys)),
    keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
    EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-describedby": describedBy,
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    EditorView.updateListener.of((update) => update.docChanged && change(update.state.doc.toString())),
  ];
  const view = new EditorView({ state: EditorState.create({ doc: text, extensions }), parent, root });
  return {
    /** Moves the focus into the text; to the end of a line if one is named. */
    focus(line) {
      const known = line >= 1 && line <= view.state.doc.lines;
      if (known) {
        const { to } = view.state.doc.line(line);
        view.dispatch({ selection: { anchor: to }, effects: EditorView.scrollIntoView(to, { y: "center" }) });
      }
      view.focus();
    },
    get text() {
      return view.state.doc.toString();
    },
    set text(value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
    },
    /** Marks a line (1 is the first), or none. */
    mark(line) {
      const known = line >= 1 && line <= view.state.doc.lines;
      view.dispatch({ effects: failing.of(known ? view.state.doc.line(line).from : null) });
    },
  };
}
