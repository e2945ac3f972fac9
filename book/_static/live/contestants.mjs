// The contestants of the optimizer race: what a learner can set for each rule, and the table of fields for it.

import { numberField, showNumber } from "./fields.mjs";
import { html } from "./lib/dom.mjs";
import { number, toggle } from "./lib/settings.mjs";
import { RULES } from "./maths/descent.mjs";
import { SURFACES } from "./maths/surfaces.mjs";
import { sample } from "./racemap.mjs";

const AT_START = ["sgd", "momentum", "adam"];
/** What can be set for each rule; the last number tells how many settings of a rule share a column. */
const NUMBERS = {
  lr: { label: "α", says: "learning rate", initial: 0.1, min: 0, max: 10, column: 0 },
  gamma: { label: "γ", says: "momentum γ", initial: 0.8, min: 0, max: 1, column: 1 },
  rho: { label: "ρ", says: "forgetting ρ", initial: 0.9, min: 0, max: 0.99999, column: 1 },
  rho1: { label: "ρ₁", says: "forgetting ρ₁", initial: 0.9, min: 0, max: 0.99999, column: 1 },
  rho2: { label: "ρ₂", says: "forgetting ρ₂", initial: 0.999, min: 0, max: 0.99999, column: 2 },
  decay: { label: "λ", says: "weight decay λ", initial: 0.1, min: 0, max: 10, column: 3 },
};

/** The settings of one rule: whether it runs (`adam`), and its numbers (`adam_lr`, …). */
function settingsOf(rule) {
  const numbers = RULES[rule].settings.map((name) => {
    const { says, initial, min, max } = NUMBERS[name];
    const start = name === "lr" ? SURFACES.ravine.rates[rule] : initial;
    return [`${rule}_${name}`, number(`${RULES[rule].name}, ${says}`, { initial: start, min, max, step: 0.5 ** 20 })];
  });
  return [[rule, toggle(RULES[rule].name, { initial: AT_START.includes(rule) })], ...numbers];
}

/** All of them: whether a rule runs (`adam`), and its numbers (`adam_lr`, …). */
export const contestants = Object.fromEntries(Object.keys(RULES).flatMap(settingsOf));

/**
 * Which rules run, and with what; one line for each.
 * @param {object} settings those of the visualiser
 * @param {(changes: object) => void} set      told of every change
 * @param {(message: string) => void} complain told what is wrong with a number
 * @returns {{ element: HTMLElement, show: (values: object) => void }}
 */
export function rulesTable(settings, set, complain) {
  const inputs = {};
  const field = (rule, column) => {
    const name = RULES[rule].settings.find((one) => NUMBERS[one].column === column);
    if (!name) return null;
    const key = `${rule}_${name}`;
    inputs[key] = numberField(settings[key].label, settings[key], (value) => set({ [key]: value }), complain);
    return [html("span", { class: "letter", "aria-hidden": "true" }, `${NUMBERS[name].label} `), inputs[key]];
  };
  const line = (rule) => {
    const box = html("input", { type: "checkbox", onchange: () => set({ [rule]: box.checked }) });
    inputs[rule] = box;
    const name = html("th", { scope: "row" }, html("label", {}, box, sample(rule), RULES[rule].name));
    return html(
      "tr",
      {},
      name,
      [0, 1, 2, 3].map((column) => html("td", {}, field(rule, column))),
    );
  };
  const head = ["rule", "learning rate", "momentum or ρ", "ρ₂", "decay"].map((text) => html("th", { scope: "col" }, text));
  const caption = html("caption", { class: "sr" }, "Rules and their settings");
  const body = html("tbody", {}, Object.keys(RULES).map(line));
  const table = html("table", { class: "rules" }, caption, html("thead", {}, html("tr", {}, head)), body);
  const show = (values) => {
    for (const [name, input] of Object.entries(inputs)) {
      if (input.type === "checkbox") input.checked = values[name];
      else showNumber(input, values[name]);
    }
  };
  return { element: html("div", { class: "scroll" }, table), show };
}
