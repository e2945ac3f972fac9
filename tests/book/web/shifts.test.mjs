import assert from "node:assert/strict";
import { test } from "node:test";
import { ENDS, compare, correlate, network, relu, roll } from "../../../book/_static/live/maths/shifts.mjs";

const SOBEL = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];
const BLUR = [
  [1, 2, 1],
  [2, 4, 2],
  [1, 2, 1],
];
const L = picture(["100", "100", "110"]);

/** Eight by eight zeros with a pattern in rows 3 to 5, columns 2 to 4. */
function picture(pattern) {
  return Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (_, j) => Number(pattern[i - 2]?.[j - 1] ?? 0)));
}

const every = function* (n = 8) {
  for (let down = 0; down < n; down++) for (let right = 0; right < n; right++) yield [down, right];
};

test("what leaves on one side comes back on the other", () => {
  assert.deepEqual(
    roll(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      1,
      1,
    ),
    [
      [6, 4, 5],
      [3, 1, 2],
    ],
  );
  assert.deepEqual(
    roll(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      -1,
      -4,
    ),
    [
      [5, 6, 4],
      [2, 3, 1],
    ],
  );
});

test("correlation by hand, with the border read from the other side or as zeros", () => {
  const x = [
    [1, 2, 0],
    [0, 1, 0],
    [3, 0, 0],
  ];
  const kernel = [
    [0, 1, 0],
    [0, 2, 1],
    [0, 0, 0],
  ]; // 1·above + 2·here + 1·right
  // first row: 3 + 2·1 + 2 = 7, 0 + 2·2 + 0 = 4, 0 + 2·0 + 1 (from the left end) = 1
  assert.deepEqual(correlate(x, kernel, "circular")[0], [7, 4, 1]);
  // with zeros: 0 + 2·1 + 2 = 4, 0 + 2·2 + 0 = 4, 0 + 2·0 + 0 = 0
  assert.deepEqual(correlate(x, kernel, "zeros")[0], [4, 4, 0]);
});

test("the ends by hand", () => {
  const x = [
    [1, 5, 0, 2],
    [3, 7, 4, 2],
  ];
  assert.deepEqual(relu([[-1, 2]]), [[0, 2]]);
  assert.deepEqual(ENDS.stride(x), [[1, 0]]);
  assert.deepEqual(ENDS.max(x), [[7, 4]]);
  assert.deepEqual(ENDS.mean(x), [[4, 2]]);
  assert.deepEqual(ENDS.global(x), [[3]]);
});

test("circular convolution moves along exactly, for every shift, kernel and depth", () => {
  for (const kernel of [SOBEL, BLUR]) {
    for (const depth of [1, 2, 3]) {
      const f = network({ kernel, padding: "circular", depth, end: "none" });
      for (const shift of every()) assert.equal(compare(f, L, ...shift).worst, 0);
    }
  }
});

test("after stride 2 or pooling exactly the even shifts fit", () => {
  for (const end of ["stride", "max", "mean"]) {
    const f = network({ kernel: SOBEL, padding: "circular", depth: 1, end });
    for (const [down, right] of every()) {
      const { worst, after } = compare(f, L, down, right);
      assert.equal(worst === 0, down % 2 === 0 && right % 2 === 0, `${end} ${down} ${right}`);
      if (worst === 0) assert.deepEqual(after, [down / 2, right / 2]);
    }
  }
});

test("the global mean stays exactly the same, unless zeros pad the picture", () => {
  for (const shift of every())
    assert.equal(compare(network({ kernel: BLUR, padding: "circular", depth: 2, end: "global" }), L, ...shift).worst, 0);
  const leaks = network({ kernel: BLUR, padding: "zeros", depth: 1, end: "global" });
  assert.equal(compare(leaks, L, 0, 2).worst, 0);
  assert.notEqual(compare(leaks, L, 3, 0).worst, 0);
});

test("one zero-padded layer is exact until the pattern touches the border, each further layer one pixel less", () => {
  for (const depth of [1, 2, 3]) {
    const f = network({ kernel: BLUR, padding: "zeros", depth, end: "none" });
    const still = roll(picture(["1"]), 1, 2); // one pixel in row 4, column 4: 3 from the upper and left border
    for (const [down, right] of every(4)) {
      // it moves to rows and columns 4 to 7, counted from 1
      const room = 7 - Math.max(3 + down, 3 + right); // pixels between it and the nearer border
      assert.equal(compare(f, still, down, right).worst === 0, room >= depth, `${depth} ${down} ${right}`);
    }
  }
});

test("where no shift of the map fits, the best is taken", () => {
  // 0 0 1 1 0 0 1 1 pooled is 0 1 0 1; moved by one, 1 1 1 1 (Zhang 2019): no shift of 0 1 0 1 is closer than 1
  const row = [0, 0, 1, 1, 0, 0, 1, 1];
  const { worst, shiftFirst } = compare(ENDS.max, [row, row], 0, 1);
  assert.deepEqual(shiftFirst, [[1, 1, 1, 1]]);
  assert.equal(worst, 1);
});
