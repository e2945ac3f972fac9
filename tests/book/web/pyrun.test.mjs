import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { folders, megabytes, unpacked } from "../../../book/_static/pyrun/files.mjs";
import { fingerprint, Kept } from "../../../book/_static/pyrun/kept.mjs";

function bundle(files) {
  const table = new TextEncoder().encode(
    JSON.stringify(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes.length]))),
  );
  const bytes = new Uint8Array(4 + table.length + Object.values(files).reduce((sum, content) => sum + content.length, 0));
  new DataView(bytes.buffer).setUint32(0, table.length, true);
  bytes.set(table, 4);
  let at = 4 + table.length;
  for (const content of Object.values(files)) {
    bytes.set(content, at);
    at += content.length;
  }
  return bytes;
}

test("a bundle unfolds into folders of folders", () => {
  const root = folders(bundle({ "a.pyc": [1, 2], "deep/er/b": [3], "deep/c": [] }));
  assert.deepEqual([...root.keys()], ["a.pyc", "deep"]);
  assert.deepEqual([...root.get("a.pyc")], [1, 2]);
  assert.deepEqual([...root.get("deep").get("er").get("b")], [3]);
  assert.equal(root.get("deep").get("c").length, 0);
});

test("sizes are rounded up, so that nobody loads more than was said", () => {
  assert.equal(megabytes(26_300_000), "27 MB");
  assert.equal(megabytes(27_000_000), "27 MB");
  assert.equal(megabytes(1_200_000), "2 MB");
  assert.equal(megabytes(120_001), "200 kB");
});

test("a file is unpacked and its bytes on the way are counted", async (t) => {
  const packed = gzipSync("import this\n".repeat(1000));
  t.mock.method(globalThis, "fetch", async () => new Response(packed));
  let come = 0;
  const text = await new Response(await unpacked(new URL("http://here/x.bin"), (bytes) => (come += bytes))).text();
  assert.equal(text.length, 12_000);
  assert.equal(come, packed.length);
});

test("a file that isn't there is named", async (t) => {
  t.mock.method(globalThis, "fetch", async () => new Response("", { status: 404 }));
  await assert.rejects(
    unpacked(new URL("http://here/engine/x.bin"), () => undefined),
    /\/engine\/x\.bin couldn't be loaded \(404\)/,
  );
});

function storage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    kept,
  };
}

test("a reader's version comes back on the same page and nowhere else", () => {
  const shelf = storage();
  new Kept("run-a", "print(1)\n", { storage: shelf, path: "/book/x.html" }).text = "print(2)\n";
  const again = (name, given, path) => new Kept(name, given, { storage: shelf, path }).text;
  assert.equal(again("run-a", "print(1)\n", "/book/x.html"), "print(2)\n");
  assert.equal(again("run-b", "print(1)\n", "/book/x.html"), null);
  assert.equal(again("run-a", "print(1)\n", "/book/y.html"), null);
});

test("a program that the book has changed since starts anew", () => {
  const shelf = storage();
  new Kept("run-a", "print(1)\n", { storage: shelf, path: "/x" }).text = "print(2)\n";
  assert.equal(new Kept("run-a", "print(3)\n", { storage: shelf, path: "/x" }).text, null);
});

test("the book's own program is not kept", () => {
  const shelf = storage();
  const kept = new Kept("run-a", "print(1)\n", { storage: shelf, path: "/x" });
  kept.text = "print(2)\n";
  kept.text = "print(1)\n";
  assert.equal(shelf.kept.size, 0);
});

test("a browser that keeps nothing breaks nothing", () => {
  const full = {
    getItem: () => {
      throw new Error("forbidden");
    },
    setItem: () => {
      throw new Error("full");
    },
  };
  for (const broken of [null, full]) {
    const kept = new Kept("run-a", "print(1)\n", { storage: /** @type {any} */ (broken), path: "/x" });
    kept.text = "print(2)\n";
    assert.equal(kept.text, null);
  }
});

test("texts that differ have different fingerprints", () => {
  const texts = ["", "a", "b", "ab", "ba", "print(1)\n", "print(2)\n"];
  assert.equal(new Set(texts.map(fingerprint)).size, texts.length);
});
