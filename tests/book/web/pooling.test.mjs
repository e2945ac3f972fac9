import assert from "node:assert/strict";
import { test } from "node:test";
import { covered, differences, mean, pool, rolled, winner } from "../../../book/_static/live/maths/pooling.mjs";

const y = [
  [1, 3, 0, 2],
  [4, 2, 1, 1],
  [0, 1, 5, 6],
  [1, 0, 7, 8],
];
const two = { window: 2, stride: 2 };

test("the largest and the mean of each window of two by two", () => {
  assert.deepEqual(pool("max", y, two), [
    [4, 2],
    [1, 8],
  ]);
  assert.deepEqual(pool("average", y, two), [
    [(1 + 3 + 4 + 2) / 4, (0 + 2 + 1 + 1) / 4],
    [(0 + 1 + 1 + 0) / 4, (5 + 6 + 7 + 8) / 4],
  ]);
});

test("the pooled edges of the chapter", () => {
  const edges = [
    [-0.2, 0, 0.2, 1.1],
    [-0.3, 0.1, 0.1, 1.2],
    [-0.2, 0.1, 0.1, 0.3],
    [-1.2, 0, 0.5, 1],
  ];
  assert.deepEqual(pool("max", edges, two), [
    [0.1, 1.2],
    [0.1, 1],
  ]);
  assert.equal(
    differences(pool("average", edges, two), [
      [-0.1, 0.65],
      [-0.325, 0.475],
    ]),
    0,
  );
});

test("a window that doesn't fit completely is dropped, overlapping ones are not", () => {
  assert.deepEqual(
    pool(
      "max",
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
      two,
    ),
    [[5]],
  );
  assert.deepEqual(
    pool(
      "max",
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
      { window: 2, stride: 1 },
    ),
    [
      [5, 6],
      [8, 9],
    ],
  );
});

test("padding never wins, and counts as zeros in a mean", () => {
  const padded = { window: 2, stride: 2, padding: 1 };
  assert.deepEqual(
    pool(
      "max",
      [
        [-1, -2],
        [-3, -4],
      ],
      padded,
    ),
    [
      [-1, -2],
      [-3, -4],
    ],
  );
  assert.deepEqual(
    pool(
      "average",
      [
        [-1, -2],
        [-3, -4],
      ],
      padded,
    ),
    [
      [-1 / 4, -2 / 4],
      [-3 / 4, -4 / 4],
    ],
  );
  assert.equal(
    covered(
      [
        [-1, -2],
        [-3, -4],
      ],
      [0, 1],
      padded,
    ).length,
    1,
  );
});

test("of equal entries the first one wins", () => {
  assert.deepEqual(
    winner(
      covered(
        [
          [5, 5],
          [5, 5],
        ],
        [0, 0],
        two,
      ),
    ),
    { row: 0, column: 0, value: 5 },
  );
  assert.equal(mean([{ value: 3 }], 3), 1 / 3);
});

test("too much padding or too large a window is refused", () => {
  assert.throws(
    () => pool("max", y, { window: 3, stride: 1, padding: 2 }),
    /^RangeError: Padding: expected at most half of the window, ⌊3\/2⌋ = 1, not 2/,
  );
  assert.throws(() => pool("max", y, { window: 5, stride: 1 }), /window of 5 doesn't fit/);
});

test("a rolled matrix comes back on the other side", () => {
  assert.deepEqual(
    rolled(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      0,
      1,
    ),
    [
      [3, 1, 2],
      [6, 4, 5],
    ],
  );
  assert.deepEqual(
    rolled(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      -1,
      0,
    ),
    [
      [4, 5, 6],
      [1, 2, 3],
    ],
  );
  assert.equal(differences([[1, 2]], [[1, 3]]), 1);
});
