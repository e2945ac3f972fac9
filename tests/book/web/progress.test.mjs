import assert from "node:assert/strict";
import { test } from "node:test";
import { KEY, Progress, VERSION } from "../../../book/_static/live/lib/progress.mjs";

/** A storage like the browser's, which may be told to refuse. */
function storage(text) {
  const kept = new Map(text === undefined ? [] : [[KEY, text]]);
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

const refuse = () => {
  throw new DOMException("no", "SecurityError");
};
const stride = { id: "cn-stride" };

test("a check is open, right at first try, or right later", () => {
  const progress = new Progress(storage());
  assert.equal(progress.status(stride), "open");
  progress.attempt(stride, true);
  assert.equal(progress.status(stride), "first");
  const later = { id: "cn-later" };
  progress.attempt(later, false);
  assert.equal(progress.status(later), "open");
  progress.attempt(later, true);
  assert.equal(progress.status(later), "later");
  assert.deepEqual(progress.count([stride, later, { id: "cn-new" }]), { first: 1, later: 1, open: 1 });
});

test("what was right stays right", () => {
  const progress = new Progress(storage());
  progress.attempt(stride, true);
  progress.attempt(stride, false);
  progress.look(stride);
  assert.deepEqual(progress.entry(stride), { first: "right", right: true, seen: false });
});

test("an answer looked at before is not right at first try", () => {
  const progress = new Progress(storage());
  progress.look(stride);
  assert.equal(progress.status(stride), "open");
  progress.attempt(stride, true);
  assert.equal(progress.status(stride), "later");
});

test("it is kept under one key with its version, and found again", () => {
  const place = storage();
  new Progress(place).attempt(stride, true);
  assert.deepEqual([...place.kept.keys()], [KEY]);
  assert.equal(JSON.parse(place.kept.get(KEY)).version, VERSION);
  const again = new Progress(place);
  assert.equal(again.status(stride), "first");
  assert.equal(again.kept, true);
});

test("a renamed check keeps what was kept under its old names", () => {
  const place = storage();
  new Progress(place).attempt({ id: "cn-old" }, false);
  const renamed = { id: "cn-new", formerly: ["cn-older", "cn-old"] };
  const progress = new Progress(place);
  assert.equal(progress.entry(renamed).first, "wrong");
  progress.attempt(renamed, true);
  assert.equal(progress.status(renamed), "later");
  assert.deepEqual(Object.keys(JSON.parse(place.kept.get(KEY)).checks), ["cn-new"]);
});

test("clearing forgets everything and tells who listens", () => {
  const place = storage();
  const progress = new Progress(place);
  progress.attempt(stride, true);
  let told = 0;
  progress.addEventListener("change", () => (told += 1));
  assert.equal(progress.any, true);
  progress.clear();
  assert.equal(progress.any, false);
  assert.equal(progress.status(stride), "open");
  assert.equal(place.kept.size, 0);
  assert.equal(told, 1);
});

test("every attempt is told, also one in another tab is seen", () => {
  const place = storage();
  const [here, there] = [new Progress(place), new Progress(place)];
  let told = 0;
  here.addEventListener("change", () => (told += 1));
  here.attempt(stride, false);
  assert.equal(told, 1);
  there.attempt({ id: "cn-other" }, true);
  assert.equal(here.status({ id: "cn-other" }), "first");
  here.attempt(stride, true);
  assert.equal(there.status({ id: "cn-other" }), "first", "the other tab's entry isn't lost");
});

for (const [name, place] of Object.entries({
  "no storage": undefined,
  "a storage that refuses all": { getItem: refuse, setItem: refuse, removeItem: refuse },
  "a storage that is full": { ...storage(), setItem: refuse },
})) {
  test(`with ${name} it lasts as long as the page`, () => {
    const progress = new Progress(place);
    progress.attempt(stride, false);
    progress.attempt(stride, true);
    assert.equal(progress.status(stride), "later");
    assert.equal(progress.kept, false);
    progress.clear();
    assert.equal(progress.status(stride), "open");
  });
}

for (const text of [
  "{",
  "null",
  "[]",
  "7",
  '{"version":1}',
  '{"version":1,"checks":null}',
  '{"version":1,"checks":{"cn-stride":3,"cn-x":{"right":"yes"}}}',
]) {
  test(`nonsense (${text}) counts as nothing and is written over`, () => {
    const place = storage(text);
    const progress = new Progress(place);
    assert.equal(progress.status(stride), "open");
    progress.attempt(stride, true);
    assert.equal(new Progress(place).status(stride), "first");
  });
}

test("what a later edition kept is left as it is", () => {
  const text = JSON.stringify({ version: VERSION + 1, checks: { "cn-stride": "done" } });
  const place = storage(text);
  const progress = new Progress(place);
  progress.attempt(stride, true);
  assert.equal(progress.status(stride), "first");
  assert.equal(progress.kept, false);
  assert.equal(place.kept.get(KEY), text);
});

test("names of JavaScript's own are no entries", () => {
  assert.equal(new Progress(storage()).entry({ id: "constructor" }), undefined);
});
