import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, near, readNumber, written } from "../../../book/_static/live/lib/typed_number.mjs";

const READ = {
  "12": [12],
  " 12 ": [12],
  "+3": [3],
  "-3": [-3],
  "−3": [-3],
  "–0.5": [-0.5],
  "0": [0],
  "0.33": [0.33],
  ".5": [0.5],
  "5.": [5],
  "0,33": [0.33],
  ",5": [0.5],
  "0,333": [0.333],
  "1/3": [1 / 3],
  "-1 / 4": [-0.25],
  "1/−4": [-0.25],
  "0,5/2": [0.25],
  "1,000": [1000, 1],
  "1,234.5": [1234.5],
  "1,234,567": [1234567],
  "1.234.567": [1234567],
  "1.234,5": [1234.5],
  "1.234": [1.234, 1234],
  "60.050": [60.05, 60050],
  "0.125": [0.125],
  "1 000": [1000],
  "1 000 000": [1e6],
  "1 000,5": [1000.5],
  "12'345": [12345],
  "25%": [0.25],
  "25 %": [0.25],
  "1/4%": [0.0025],
  "1e-4": [1e-4],
  "2E3": [2000],
  "2·10^3": [2000],
  "2 x 10^-3": [0.002],
  "2*10^(3)": [2000],
  "10^6": [1e6],
  "1,5e3": [1500],
  "(1/4)^5": [1 / 1024],
  "0.25^5": [1 / 1024],
  "1/4^5": [1 / 1024],
  "sqrt(28)": [Math.sqrt(28)],
  "√28": [Math.sqrt(28)],
  "28^0.5": [Math.sqrt(28)],
  "9.77×10⁻⁴": [9.77 * 10 ** -4],
  "10⁻⁴": [10 ** -4],
  "3²": [9],
  "50*1201": [60050],
  "3·3·16 + 16": [160],
  "3x3": [9],
  "3 x (2 + 1)": [9],
  "1/2/3": [1 / 6],
  "2√7": [2 * Math.sqrt(7)],
  "2(3+1)": [8],
  "-2^2": [-4],
  "2^-1": [0.5],
  "2**3": [8],
  "2^3^2": [512],
  "5 - 3 - 1": [1],
  "12:4": [3],
  "0,5^2": [0.25],
  "1,000*2": [2000],
  "50%*8": [4],
  "(3)": [3],
  "28−5+1": [24],
  "1e3*2": [2000],
  "SQRT(9)": [3],
  "sqrt 9": [3],
}; // prettier-ignore

for (const [text, readings] of Object.entries(READ)) {
  test(`“${text}” is ${readings.join(" or ")}`, () => assert.deepEqual(readNumber(text).readings, readings));
}

for (const text of [
  "abc",
  "1 2",
  "1 1/2",
  "1,2,3",
  "1,00,000",
  "12,34.5,6",
  "1..2",
  "--1",
  "1/",
  "/2",
  "e5",
  "NaN",
  "Infinity",
  "0x10",
  "3 apples",
  "10^",
  "%",
  "(1",
  "1)",
  "()",
  "2+",
  "sqrt",
  "sqrt()",
  "3 + x",
  "2^",
  "1 + 0x10",
  "alert(1)",
  `${"(".repeat(9999)}1`,
  `1${"^1".repeat(9999)}`,
]) {
  test(`“${text}” is refused, with an example`, () => assert.match(readNumber(text).problem, /can't be read as a number.*1\/3/));
}

test("nothing typed is told apart from nonsense", () => assert.match(readNumber("  ").problem, /Type a number first/));
test("nothing infinite comes out", () => {
  for (const text of ["1/0", "0/0", "1e999", "9^9^9^9", "sqrt(-1)", "1/(2-2)"]) assert.match(readNumber(text).problem, /no finite number/);
});

test("the unit may be typed too", () => {
  assert.deepEqual(readNumber("75 pixels", "pixels").readings, [75]);
  assert.deepEqual(readNumber("3,7 GB", "gb").readings, [3.7]);
  assert.deepEqual(readNumber("25 %", "%").readings, [25]);
  assert.deepEqual(readNumber("1 parameter", "parameters").readings, [1]);
  assert.deepEqual(readNumber("50*1201 parameter", "parameters").readings, [60050]);
  assert.deepEqual(readNumber("9px", "pixels").readings, [9]);
  assert.match(readNumber("75 pixels", "numbers").problem, /can't be read/);
  assert.match(readNumber("pixels", "pixels").problem, /Type a number first/);
});

const key = { answer: 1 / 3, tolerance: 0.005, mistakes: [3, 0.25] };

test("near is right, a mistake's value is known, the rest is unknown", () => {
  assert.deepEqual(judge([0.33], key), { value: 0.33, right: true });
  assert.deepEqual(judge([1 / 3], key), { value: 1 / 3, right: true });
  assert.deepEqual(judge([0.3], key), { value: 0.3, right: false });
  assert.deepEqual(judge([0.251], key), { value: 0.251, right: false, mistake: 1 });
});

test("of two readings the one that fits is taken", () => {
  assert.deepEqual(judge(readNumber("1,234").readings, { ...key, answer: 1.234 }), { value: 1.234, right: true });
  assert.deepEqual(judge(readNumber("1,234").readings, { ...key, answer: 1234 }), { value: 1234, right: true });
  assert.deepEqual(judge(readNumber("3,000").readings, key), { value: 3, right: false, mistake: 0 });
  assert.deepEqual(judge(readNumber("7,000").readings, key), { value: 7000, right: false });
});

test("without a tolerance only rounding of computers is forgiven", () => {
  assert.ok(near(0.1 + 0.2, 0.3, 0));
  assert.ok(near(921601000, 921601000, 0));
  assert.ok(!near(75.001, 75, 0));
});

test("numbers are written for people", () => {
  assert.deepEqual([1234, 12345, -0.5, 1 / 3, 0.00001, 2.5e16, 0].map(written), [
    "1234",
    "12,345",
    "−0.5",
    "0.333333",
    "1e−5",
    "2.5e16",
    "0",
  ]);
});
