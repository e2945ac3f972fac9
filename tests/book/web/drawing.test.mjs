import assert from "node:assert/strict";
import { test } from "node:test";
import { centreOfMass, lengthened, onBoard, prepared, SIDE, strokesOf, written } from "../../../book/_static/live/maths/drawing.mjs";

const seven = [
  [
    [40, 40],
    [200, 40],
    [120, 220],
  ],
  [
    [90, 130],
    [190, 130],
  ],
];
const moved = (strokes, [dx, dy], scale = 1) => strokes.map((stroke) => stroke.map(([x, y]) => [x * scale + dx, y * scale + dy]));
const close = (a, b, tolerance) =>
  a.forEach((value, index) => assert.ok(Math.abs(value - b[index]) <= tolerance, `${index}: ${value}, ${b[index]}`));

test("a drawing is written and read back", () => {
  assert.equal(written([[[0, 255]], seven[1]]), "00ff-5a82be82");
  assert.deepEqual(strokesOf(written(seven)), seven);
  assert.deepEqual(strokesOf(""), []);
  for (const text of ["0", "00ff-", "00ff--00ff", "00fg", "00f", "00FF"]) assert.throws(() => strokesOf(text), /expected strokes/);
});

test("points lie on the board", () => {
  assert.deepEqual([-1, 0, 0.5, 1, 2].map(onBoard), [0, 0, 128, 255, 255]);
});

test("a pen that hardly moved adds no point", () => {
  assert.deepEqual(lengthened([[10, 10]], [12, 12]), [[10, 10]]);
  assert.deepEqual(lengthened([[10, 10]], [13, 14]), [
    [10, 10],
    [13, 14],
  ]);
});

test("an empty board is a picture without ink", () => {
  assert.deepEqual(prepared([]), new Float64Array(SIDE * SIDE));
});

test("the ink of a prepared drawing has its middle in the middle", () => {
  for (const strokes of [seven, [seven[0]], [[[5, 250]]], moved(seven, [3, 120], 0.5)])
    close(centreOfMass(prepared(strokes)), [14, 14], 0.05);
});

test("where and how large somebody draws makes no difference", () => {
  const expected = prepared(seven);
  for (const other of [moved(seven, [-30, 20]), moved(seven, [100, 100], 0.5), moved(seven, [0, 0], 0.25)])
    close(prepared(other), expected, 1e-9);
});

test("a prepared drawing fills 20 pixels, pen included, and keeps its proportions", () => {
  const across = (strokes) => prepared(strokes).reduce((sum, ink, index) => (Math.floor(index / SIDE) === 14 ? sum + ink : sum), 0);
  const line = [
    [
      [30, 128],
      [230, 128],
    ],
  ];
  assert.ok(Math.abs(across(line) - 20) < 0.5, `${across(line)}`); // its ends are round
  // Straight up, a row crosses the pen alone, which is 2.5 pixels wide.
  assert.ok(Math.abs(across(line.map((stroke) => stroke.map(([x, y]) => [y, x]))) - 2.5) < 1e-9);
});

test("a dot stays a dot", () => {
  const ink = prepared([[[200, 10]]]).reduce((sum, value) => sum + value, 0);
  assert.ok(ink > Math.PI && ink < 2 * Math.PI, `${ink}`); // a disc of 2.5 pixels across has an area of 4.9
});
