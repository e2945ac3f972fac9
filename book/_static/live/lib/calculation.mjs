// A small calculation as people type it: (1/4)^5, 3·3·16 + 16, sqrt(28), 2√7, 10⁻⁴.
// No page is needed here: `node --test tests/book/web` covers this file.

const TOKEN = /\s*(?:(\d[\d.,]*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|(\*\*|[-+*/^()%√]|sqrt))/iy;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const DEEPEST = 50;

/**
 * The value of a calculation.
 *
 * @param {string} text  what was typed
 * @param {(digits: string) => number | undefined} number  reads digits with points and commas
 * @returns {number | undefined}  nothing if it is no calculation; perhaps no finite number
 */
export function calculated(text, number) {
  const tokens = tokensOf(plain(text));
  if (!tokens) return undefined;
  const reader = new Reader(tokens, number);
  try {
    const value = reader.sum();
    return reader.next === undefined ? value : undefined;
  } catch (error) {
    if (error instanceof NoCalculation) return undefined;
    throw error;
  }
}

class NoCalculation extends Error {}

/** With the signs of a keyboard. */
function plain(text) {
  const powers = text.replace(new RegExp(`([⁺⁻]?)([${RAISED}]+)`, "g"), (_, sign, digits) => {
    return `^(${sign === "⁻" ? "-" : ""}${[...digits].map((digit) => RAISED.indexOf(digit)).join("")})`;
  });
  return powers
    .replace(/[−–]/g, "-")
    .replace(/[×·⋅]|(?<=[\d)\s])(?<!\b0)x(?=[\d(\s.])/gi, "*")
    .replace(/[÷:]/g, "/");
}

/** @returns {string[] | undefined} */
function tokensOf(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    tokens.push((found[1] ?? found[2]).toLowerCase());
  }
  return tokens;
}

/** One method for each rank of signs, from the weakest to the strongest. */
class Reader {
  constructor(tokens, number) {
    this.tokens = tokens;
    this.number = number;
    this.at = 0;
    this.depth = 0;
  }

  get next() {
    return this.tokens[this.at];
  }

  take(...wanted) {
    return wanted.includes(this.next) ? this.tokens[this.at++] : undefined;
  }

  sum() {
    if (++this.depth > DEEPEST) throw new NoCalculation();
    let value = this.product();
    for (let sign; (sign = this.take("+", "-")); ) value += (sign === "-" ? -1 : 1) * this.product();
    this.depth -= 1;
    return value;
  }

  product() {
    let value = this.signed();
    for (;;) {
      if (this.take("*")) value *= this.signed();
      else if (this.take("/")) value /= this.signed();
      else if (["(", "sqrt", "√"].includes(this.next)) value *= this.power();
      else return value;
    }
  }

  signed() {
    const sign = this.take("+", "-");
    const value = this.power();
    return sign === "-" ? -value : value;
  }

  power() {
    const base = this.single();
    if (!this.take("^", "**")) return base;
    if (++this.depth > DEEPEST) throw new NoCalculation();
    const value = base ** this.signed();
    this.depth -= 1;
    return value;
  }

  single() {
    let value = this.begun();
    while (this.take("%")) value /= 100;
    return value;
  }

  begun() {
    if (this.take("sqrt", "√")) {
      if (++this.depth > DEEPEST) throw new NoCalculation();
      const value = Math.sqrt(this.begun());
      this.depth -= 1;
      return value;
    }
    if (this.take("(")) {
      const value = this.sum();
      if (!this.take(")")) throw new NoCalculation();
      return value;
    }
    const [, digits, exponent] = /^(.*?)(e[+-]?\d+)?$/.exec(this.next ?? "");
    const value = /^[\d.]/.test(digits) ? this.number(digits) : undefined;
    if (value === undefined) throw new NoCalculation();
    this.at += 1;
    return Number(`${value}${exponent ?? ""}`);
  }
}
