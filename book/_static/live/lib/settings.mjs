// What a visualiser can be set to: each setting reads text (an attribute, the address, a control),
// refuses what makes no sense, and writes itself as text that reads back to the same value.
// No page is needed here: `node --test tests/book/web` covers this file.

/**
 * @typedef {object} Setting
 * @property {string} kind   which control shows it: number, choice, toggle, grid or list
 * @property {string} label  what the control is called
 * @property {*} initial     the value at the start
 * @property {(text: string) => *} parse   throws an Error that says what was expected and what came
 * @property {(value: *) => string} format
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [step]
 * @property {number[]} [sizes]   the least and the greatest side of a grid
 * @property {Record<string, string>} [options]   of a choice: each value with the text that a reader sees
 */

/** One number. @returns {Setting} */
export function number(label, { initial, min = -Infinity, max = Infinity, step = 1 }) {
  const parse = (text) => {
    const value = Number(text);
    const fits = String(text).trim() !== "" && value >= min && value <= max && Number.isFinite(value);
    const whole = !Number.isInteger(step) || Number.isInteger(value);
    if (!fits || !whole) {
      const kind = Number.isInteger(step) ? "a whole number" : "a number";
      throw new Error(`${label}: expected ${kind} ${range(min, max)}, not “${text}”`);
    }
    return value;
  };
  return { kind: "number", label, initial, min, max, step, parse, format: String };
}

/** One of some words; `options` maps each value to the text a reader sees. @returns {Setting} */
export function choice(label, { initial, options }) {
  const parse = (text) => {
    if (!Object.hasOwn(options, text)) throw new Error(`${label}: expected ${Object.keys(options).join(", ")}, not “${text}”`);
    return text;
  };
  return { kind: "choice", label, initial, options, parse, format: String };
}

/** Yes or no. @returns {Setting} */
export function toggle(label, { initial = false } = {}) {
  const parse = (text) => {
    if (!["yes", "no"].includes(text)) throw new Error(`${label}: expected yes or no, not “${text}”`);
    return text === "yes";
  };
  return { kind: "toggle", label, initial, parse, format: (value) => (value ? "yes" : "no") };
}

/** A matrix of numbers, as text `1 2;3 4`. `sizes` limits its sides. @returns {Setting} */
export function grid(label, { initial, min = -99, max = 99, sizes = [1, 9] }) {
  const entry = number(label, { initial: 0, min, max, step: 0.5 / 1024 });
  const parse = (text) => {
    const rows = text.split(";").map((row) =>
      row
        .trim()
        .split(/[\s,]+/)
        .map(entry.parse),
    );
    const sides = [rows.length, rows[0].length];
    const even = rows.every((row) => row.length === sides[1]);
    if (!even || sides.some((side) => side < sizes[0] || side > sizes[1])) {
      throw new Error(`${label}: expected equally long rows, ${sizes[0]} to ${sizes[1]} numbers each way, not “${text}”`);
    }
    return rows;
  };
  return { kind: "grid", label, initial, min, max, sizes, parse, format: (rows) => rows.map((row) => row.join(" ")).join(";") };
}

/** A text in a form of its own, such as a stack of layers; `read` throws if it can't be read. @returns {Setting} */
export function text(label, { initial, read = (value) => value }) {
  return { kind: "text", label, initial, parse: (value) => (read(value), value), format: String };
}

function range(min, max) {
  if (min === -Infinity && max === Infinity) return "";
  if (max === Infinity) return `of at least ${min}`;
  if (min === -Infinity) return `of at most ${max}`;
  return `from ${min} to ${max}`;
}

/** The values at the start: each setting's own, or what `texts` says in its place. */
export function initialValues(settings, texts = {}) {
  const value = ([name, setting]) => [name, texts[name] === undefined ? setting.initial : setting.parse(texts[name])];
  return Object.fromEntries(Object.entries(settings).map(value));
}

/**
 * The settings that an address holds for one visualiser, as texts. `?conv.stride=2` sets `stride` of `conv`.
 * What can't be read is left out: a mistyped address shows the picture as it is without.
 */
export function fromQuery(settings, prefix, query) {
  const found = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const name = key.slice(prefix.length + 1);
    if (!key.startsWith(`${prefix}.`) || !Object.hasOwn(settings, name)) continue;
    try {
      settings[name].parse(value);
      found[name] = value;
    } catch {
      // what can't be read stays at its initial value
    }
  }
  return found;
}

/** The address's query with the values that differ from `initial`; what belongs to others stays. */
export function toQuery(settings, prefix, values, initial, query) {
  const params = new URLSearchParams(query);
  for (const [name, setting] of Object.entries(settings)) {
    const [now, start] = [setting.format(values[name]), setting.format(initial[name])];
    if (now === start) params.delete(`${prefix}.${name}`);
    else params.set(`${prefix}.${name}`, now);
  }
  return params.toString();
}
