// The page's one engine: a worker that is started with the first run and kept for the next; one program at a time.

import manifest from "../engine/manifest.mjs";
import { missing } from "./files.mjs";

export { manifest };

const BASE = new URL("../engine/", import.meta.url);
let worker = null;
let shared = null;
let current = null;
let runs = 0;
let turn = Promise.resolve();
const loaded = new Set();

/** Tells "loaded" when parts of the engine have come. */
export const changes = new EventTarget();

/** Which parts of the engine a program needs. */
const parts = (plots) => Object.keys(manifest.parts ?? {}).filter((part) => plots || part !== "plots");

/** How many bytes a program would have to load, all told. */
export const size = (plots) => parts(plots).reduce((sum, part) => sum + manifest.parts[part].bytes, 0);

/** How many of them are neither here nor kept by this browser. */
export async function toLoad(plots) {
  const wanted = parts(plots).filter((part) => !loaded.has(part));
  const address = (part) => new URL(manifest.parts[part].file, BASE);
  const absent = new Set((await missing(wanted.map(address))).map(String));
  return wanted.filter((part) => absent.has(String(address(part)))).reduce((sum, part) => sum + manifest.parts[part].bytes, 0);
}

/**
 * Runs a program when those before it have ended.
 * @param {{ program: string, checks: { task: string, code: string }[], plots: boolean, width: number }} job
 * @param {(message: object) => void} tell  gets what worker.mjs sends, from "arrived" to "end"; "failed" if the engine
 *   couldn't start, "stopped" if `stop` was called
 * @returns {{ ended: Promise<void>, stop: () => void }}
 */
export function run(job, tell) {
  const mine = { id: ++runs, job, tell, stopped: false };
  const ended = turn.then(() => (mine.stopped ? undefined : execute(mine)));
  turn = ended;
  return { ended, stop: () => stop(mine) };
}

function execute(mine) {
  return new Promise((done) => {
    current = { ...mine, done };
    try {
      worker ??= begin(mine.job.plots);
      worker.postMessage({ kind: "run", id: mine.id, job: mine.job });
    } catch (error) {
      finish({ kind: "failed", text: error.message });
    }
  });
}

function begin(plots) {
  const started = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
  started.onmessage = ({ data }) => hear(data);
  started.onerror = (event) => {
    event.preventDefault();
    drop();
    finish({ kind: "failed", text: event.message ?? "its worker couldn't start" });
  };
  started.postMessage({ kind: "start", manifest, base: BASE.href, shared, plots });
  return started;
}

function hear(message) {
  if (message.kind === "ready") {
    shared = message.shared;
    return;
  }
  if (message.kind === "began") note();
  if (message.kind === "failed") drop();
  if (message.kind === "end" || message.kind === "failed") finish(message);
  else current?.tell(message);
}

/** Remembers what the running program has brought here. */
function note() {
  for (const part of parts(current.job.plots)) loaded.add(part);
  changes.dispatchEvent(new Event("loaded"));
}

function finish(message) {
  const { tell, done } = current ?? {};
  current = null;
  tell?.(message);
  done?.();
}

function drop() {
  worker?.terminate();
  worker = null;
}

/** Ends a program, or takes it out of the queue. The next worker starts at once, from files that are there. */
function stop(mine) {
  mine.stopped = true;
  if (current?.id !== mine.id) return mine.tell({ kind: "stopped" });
  drop();
  if (shared) worker = begin(mine.job.plots);
  finish({ kind: "stopped" });
}
