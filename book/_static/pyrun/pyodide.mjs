// The engine "pyodide": Pyodide's core from our own files. Its package brings Python and the standard library;
// numpy is there only where the build was given wheels for it, and a program that needs what is missing says so.

const SOURCES = ["runner.py", "page_figures.py"];

/** As in wasi.mjs. A run begins with a fresh namespace in the same interpreter. */
export async function start({ manifest, base }, arrived) {
  const folder = new URL("pyodide/", base);
  const { loadPyodide } = await import(new URL("pyodide.mjs", folder));
  const python = await loadPyodide({ indexURL: folder.href, stdin: () => null, env: { HOME: "/home/pyodide" } });
  arrived(manifest.parts.python.bytes);
  for (const name of SOURCES) python.FS.writeFile(name, await (await fetch(new URL(name, import.meta.url))).text());
  python.runPython("import sys; sys.path.insert(0, '.'); import runner, json");
  return {
    shared: null,
    async run(job, emit, began) {
      began();
      python.globals.set("job", JSON.stringify(job));
      python.globals.set("emit", (message) => emit(JSON.parse(message)));
      python.runPython("job = json.loads(job); runner.width = job['width']; runner.run(job['program'], job['checks'], lambda m: emit(json.dumps(m)))");
    },
  };
}
