// The engine "wasi": CPython for WebAssembly. Each run is a fresh interpreter over the same compiled module.

import { folders, forgetOthers, unpacked } from "./files.mjs";
import { Directory, Ended, File, imports, Outlet, PreopenDirectory, sharedFolder, standard, WASI } from "./system.mjs";

// Where this build of Python looks for its library; a folder does as well as the archive.
const LIBRARY = "python315.zip";
const PREPARE = `
import sys
sys.path[:0] = ["/page", "/plots"]
import json, os, runner
os.environ.update(MPLCONFIGDIR="/fonts", HOME="/home")
os.access = lambda path, mode, **_: os.path.exists(path)  # WASI knows no users, and so no rights
os.chdir("/home")
outlet = open("/page/messages", "wb", buffering=0)
import numpy
`;
const PREPARE_PLOTS = `
os.environ["MPLBACKEND"] = runner.BACKEND
import matplotlib.pyplot, page_figures
`;
const RUN = `
with open("/page/job.json", encoding="utf-8") as file:
    job = json.load(file)
runner.width = job["width"]
runner.run(job["program"], job["checks"], lambda message: outlet.write(json.dumps(message).encode() + b"\\n"))
`;

/**
 * @param {{ manifest: object, base: URL, shared: ?WebAssembly.Module, plots: boolean }} about  what the build wrote (see
 *   book/_ext/engine_files.py), where its files lie, the module that an earlier worker compiled, whether drawing is near
 * @param {(bytes: number) => void} arrived
 */
export async function start({ manifest, base, shared, plots }, arrived) {
  const address = (part) => new URL(manifest.parts[part].file, base);
  const bytesOf = async (part) => new Uint8Array(await new Response(await unpacked(address(part), arrived)).arrayBuffer());
  const folderOf = async (part) => sharedFolder(folders(await bytesOf(part)));
  const compile = async () => {
    const headers = { "Content-Type": "application/wasm" };
    return WebAssembly.compileStreaming(new Response(await unpacked(address("python"), arrived), { headers }));
  };
  const drawing = plots ? folderOf("plots") : null;
  drawing?.catch(() => undefined); // said when a program needs it
  const sources = Object.fromEntries(
    await Promise.all(["runner.py", "page_figures.py"].map(async (name) => [name, await source(new URL(name, import.meta.url))])),
  );
  const [module, library] = await Promise.all([shared ?? compile(), folderOf("library")]);
  forgetOthers(Object.keys(manifest.parts).map(address)).catch(() => undefined);
  const fonts = new Directory(new Map()); // matplotlib's list of fonts, made by the first run that draws
  const folder = { library, fonts, plots: null };
  let waiting = null; // an interpreter that has imported already, for the next run
  return {
    shared: module,
    async run(job, emit, began) {
      if (job.plots) folder.plots ??= await (drawing ?? folderOf("plots"));
      began();
      if (!waiting || waiting.plots < job.plots) waiting = new Interpreter(module, folder, sources, job.plots);
      const interpreter = waiting;
      waiting = null;
      interpreter.run(job, emit);
      setTimeout(() => (waiting ??= new Interpreter(module, folder, sources, job.plots)));
    },
  };
}

async function source(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} couldn't be loaded (${response.status})`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A fresh Python for one program. */
class Interpreter {
  constructor(module, { library, plots, fonts }, sources, drawing) {
    this.plots = drawing;
    /** @type {(message: object) => void} */
    this.emit = () => undefined;
    const told = (message) => this.emit(message);
    const folder = () => new Directory(new Map());
    this.page = new Directory(new Map(Object.entries(sources).map(([name, bytes]) => [name, new File(bytes)])));
    this.page.contents.set("messages", new Outlet(lines(told)));
    const top = new Map([
      ["page", this.page],
      ["plots", plots ?? folder()],
      ["fonts", fonts],
      ["home", folder()],
      ["tmp", folder()],
    ]);
    const written = (kind) => standard((text) => told({ kind, text }));
    const lib = new PreopenDirectory("/usr/local/lib", new Map([[LIBRARY, library]]));
    const open = [standard(() => undefined), written("out"), written("err"), new PreopenDirectory("/", top), lib];
    const shim = new WASI(["python"], ["TMPDIR=/tmp"], open, { debug: false });
    const instance = new WebAssembly.Instance(module, imports(shim));
    shim.inst = instance;
    this.exports = /** @type {any} */ (instance.exports);
    this.exports._initialize();
    this.#turn(drawing ? PREPARE + PREPARE_PLOTS : PREPARE);
  }

  /** Runs a program to its end. */
  run(job, emit) {
    this.emit = emit;
    this.page.contents.set("job.json", new File(new TextEncoder().encode(JSON.stringify(job))));
    try {
      this.#turn(RUN);
    } catch (error) {
      if (!(error instanceof Ended)) emit({ kind: "error", text: trapped(error), line: 0 });
    }
  }

  #turn(source) {
    const bytes = new TextEncoder().encode(source);
    const place = this.exports.host_alloc(bytes.length) >>> 0;
    new Uint8Array(this.exports.memory.buffer).set(bytes, place);
    this.exports.turn(place, bytes.length);
  }
}

/** Takes pieces of JSON lines and passes on the messages. */
function lines(emit) {
  let waiting = "";
  const decoder = new TextDecoder();
  return (bytes) => {
    const complete = (waiting + decoder.decode(bytes, { stream: true })).split("\n");
    waiting = complete.pop();
    for (const line of complete) emit(JSON.parse(line));
  };
}

const trapped = (error) =>
  error instanceof RangeError
    ? "RecursionError: the program called functions inside functions more deeply than the browser can"
    : `Python itself stopped: ${error.message}`;
