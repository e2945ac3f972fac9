// The worker in which programs run. It is told to "start" once, then to "run" programs one after another.
//
//   in:  { kind: "start", manifest, base, shared, plots }, { kind: "run", id, job: { program, checks, plots } }
//   out: { kind: "arrived", bytes }, { kind: "ready", shared }, { kind: "failed", text },
//        { kind: "began", id }, a program's messages (see runner.py) with its id, { kind: "end", id, seconds }
//
// An engine is a module with `start({ manifest, base, shared, plots }, arrived)`, which gives
// `{ shared, run(job, emit, began) }`; `shared` may be handed to the next worker, to spare it work,
// and `plots` says whether the first program will draw.

const ENGINES = { wasi: "./wasi.mjs" };
let engine;

// Set before anything is waited for: what the page sends meanwhile would be lost.
self.onmessage = ({ data }) => {
  if (data.kind === "start") engine = start(data);
  else engine.then((started) => run(started, data)).catch(() => undefined); // why it didn't start has been said
};

async function start(about) {
  try {
    const { start: begin } = await import(ENGINES[about.manifest.engine]);
    const started = await begin({ ...about, base: new URL(about.base) }, (bytes) => postMessage({ kind: "arrived", bytes }));
    postMessage({ kind: "ready", shared: started.shared });
    return started;
  } catch (error) {
    postMessage({ kind: "failed", text: error.message });
    throw error;
  }
}

async function run(started, { id, job }) {
  try {
    const began = performance.now();
    await started.run(
      job,
      (message) => postMessage({ ...message, id }),
      () => postMessage({ kind: "began", id }),
    );
    postMessage({ kind: "end", id, seconds: (performance.now() - began) / 1000 });
  } catch (error) {
    postMessage({ kind: "failed", text: error.message });
  }
}
