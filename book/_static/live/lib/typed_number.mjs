// A number as people type it: 12, −0.5, 1/3, 25 %, 1,000, 0,33, 1e-4, 2·10^3; or a small calculation.
// No page is needed here: `node --test tests/book/web` covers this file.

import { calculated } from "./calculation.mjs";

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const SPACES = /[\s\u00a0\u2009\u202f'’_]/g;
const POWERS = /^(.+?)(?:e|(?:[x×·*]\s*)?10\^)\(?([+-]?\d+)\)?$/i;

/**
 * Reads a number.
 *
 * @param {string} text  what was typed
 * @param {string} unit  what it is counted in; may stand behind the number
 * @returns {{ readings?: number[], problem?: string }}
 *   all that it can mean, the likeliest first (“1,234” is 1234 or 1.234), or why it means nothing
 */
export function readNumber(text, unit = "") {
  const typed = withoutUnit(text.trim().replace(/[−–]/g, "-"), unit);
  if (typed === "") return { problem: "Type a number first." };
  const percent = typed.endsWith("%");
  const parts = (percent ? typed.slice(0, -1) : typed).split("/");
  const readings = parts.map((part) => withPower(part.trim()));
  if (parts.length > 2 || readings.some((values) => values.length === 0)) return calculation(typed, text);
  const [above, below] = readings;
  const values = below ? above.flatMap((a) => below.map((b) => a / b)) : above;
  const scaled = values.map((value) => (percent ? value / 100 : value)).filter(Number.isFinite);
  return scaled.length > 0 ? { readings: [...new Set(scaled)] } : { problem: `“${text.trim()}” is no finite number.` };
}

/** What a calculation gives, or why it gives nothing. */
function calculation(typed, text) {
  const value = calculated(typed, (digits) => separated(digits)[0]);
  if (value === undefined)
    return { problem: `“${text.trim()}” can't be read as a number. Write it like 12, 0.5, 1/3, 2e-3, (1/4)^5 or sqrt(28).` };
  return Number.isFinite(value) ? { readings: [value] } : { problem: `“${text.trim()}” is no finite number.` };
}

/** Also of one thing, or shortened: “1 parameter”, “9px”. */
function withoutUnit(text, unit) {
  const forms = unit ? [unit, unit.replace(/s$/, ""), ...(unit.startsWith("pixel") ? ["px"] : [])] : [];
  const found = forms.find((form) => text.toLowerCase().endsWith(form.toLowerCase()));
  return found ? text.slice(0, -found.length).trim() : text;
}

/** The readings of a number with or without a power of ten behind it. */
function withPower(text) {
  const found = POWERS.exec(text);
  if (!found) return /^10\^[+-]?\d+$/.test(text) ? [10 ** Number(text.slice(3))] : separated(text);
  return separated(found[1].trim()).map((value) => Number(`${value}e${found[2]}`));
}

/** The readings of digits with points, commas and spaces between them. */
function separated(text) {
  if (/[\s\u00a0\u2009\u202f'’_]/.test(text)) {
    const grouped = /^[+-]?\d{1,3}([\s\u00a0\u2009\u202f'’_]\d{3})+([.,]\d*)?$/.test(text);
    return grouped ? separated(text.replace(SPACES, "").replace(",", ".")) : [];
  }
  return [asThousands(text), asDecimal(text), withOnePoint(text)].filter((value) => value !== undefined);
}

/** 60.050 for 60,050: half of the world writes thousands so, but a decimal is likelier. */
function withOnePoint(text) {
  return /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text) ? Number(text.replace(".", "")) : undefined;
}

/** 1,234 and 1,234,567.8; also 1.234.567 and 1.234,5, as half of the world writes them. */
function asThousands(text) {
  if (/^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(text)) return Number(text.replaceAll(",", ""));
  if (/^[+-]?[1-9]\d{0,2}(\.\d{3}){2,}$/.test(text)) return Number(text.replaceAll(".", ""));
  if (/^[+-]?[1-9]\d{0,2}(\.\d{3})+,\d*$/.test(text)) return Number(text.replaceAll(".", "").replace(",", "."));
  return undefined;
}

/** 0.33, .5, 0,33. */
function asDecimal(text) {
  const commas = text.split(",").length - 1;
  const plain = commas === 1 ? text.replace(",", ".") : text;
  return PLAIN.test(plain) && !(commas && text.includes(".")) ? Number(plain) : undefined;
}

/** Whether a number is as near to another as the tolerance allows, however computers round. */
export const near = (value, wanted, tolerance) => Math.abs(value - wanted) <= tolerance + 1e-9 * Math.max(1, Math.abs(wanted));

/** A number for people: at most six places, a true minus, thousands apart from 10,000 on. */
export function written(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15))
    return value
      .toExponential(4)
      .replace(/\.?0+e\+?/, "e")
      .replaceAll("-", "−");
  return value.toLocaleString("en", { maximumFractionDigits: 6, useGrouping: size >= 10_000 }).replace("-", "−");
}

/**
 * What a typed number is, measured against the key.
 *
 * @param {number[]} readings  all that was perhaps meant
 * @param {{ answer: number, tolerance: number, mistakes: number[] }} key
 * @returns {{ value: number, right: boolean, mistake?: number }}  the reading taken, and which mistake leads to it
 */
export function judge(readings, { answer, tolerance, mistakes }) {
  const right = readings.find((value) => near(value, answer, tolerance));
  if (right !== undefined) return { value: right, right: true };
  for (const value of readings) {
    const mistake = mistakes.findIndex((wrong) => near(value, wrong, tolerance));
    if (mistake >= 0) return { value, right: false, mistake };
  }
  return { value: readings[0], right: false };
}
