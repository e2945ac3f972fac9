// How far the reader has come with the self-checks: kept in this browser, under one key, and sent nowhere.
// No page is needed here: `node --test tests/book/web` covers this file.

export const KEY = "convolutional-networks.self-checks";
export const VERSION = 1;

/**
 * @typedef {object} Check
 * @property {string} id
 * @property {string[]} [formerly]  names it had before: what was kept under them still counts
 *
 * @typedef {object} Entry   what is kept of one check
 * @property {"right" | "wrong"} first   how the first attempt went
 * @property {boolean} right   whether any attempt was right
 * @property {boolean} seen    whether the answer was opened before
 */

/** The progress kept in a storage such as `localStorage`; without one it lasts as long as the page. */
export class Progress extends EventTarget {
  #storage;
  #memory = {};
  #kept = true;

  constructor(storage) {
    super();
    this.#storage = storage;
    this.#kept = Boolean(storage);
  }

  /** Whether the browser keeps it when the page is closed. */
  get kept() {
    return this.#kept;
  }

  /** Whether there is anything to clear. */
  get any() {
    return Object.keys(this.#read()).length > 0;
  }

  /** What is known of a check, under its name or one that it had. @returns {Entry | undefined} */
  entry({ id, formerly = [] }) {
    const entries = this.#read();
    const name = [id, ...formerly].find((one) => Object.hasOwn(entries, one));
    return name === undefined ? undefined : entries[name];
  }

  /** "first": right at first try; "later": right, but not at first or after a look at the answer; "open": not yet. */
  status(check) {
    const entry = this.entry(check);
    if (!entry?.right) return "open";
    return entry.first === "right" ? "first" : "later";
  }

  /** How many of these checks stand where. @returns {{ first: number, later: number, open: number }} */
  count(checks) {
    const counts = { first: 0, later: 0, open: 0 };
    for (const check of checks) counts[this.status(check)] += 1;
    return counts;
  }

  /** Keeps an attempt. What was right stays right. */
  attempt(check, right) {
    const before = this.entry(check);
    const first = before?.first ?? (right && !before?.seen ? "right" : "wrong");
    this.#keep(check, { first, right: right || Boolean(before?.right), seen: Boolean(before?.seen) });
  }

  /** Keeps that the answer was looked at before it was found. */
  look(check) {
    const before = this.entry(check);
    if (!before?.right) this.#keep(check, { ...before, right: false, seen: true });
  }

  /** Forgets everything. */
  clear() {
    this.#memory = {};
    try {
      this.#storage?.removeItem(KEY);
    } catch {
      this.#kept = false;
    }
    this.announce();
  }

  /** Tells all who listen that something changed, here or in another tab. */
  announce() {
    this.dispatchEvent(new Event("change"));
  }

  #keep({ id, formerly = [] }, entry) {
    const entries = { ...this.#read() };
    for (const name of formerly) delete entries[name];
    this.#write({ ...entries, [id]: entry });
    this.announce();
  }

  // Read anew each time: another tab may have written.
  #read() {
    if (!this.#kept) return this.#memory;
    try {
      const found = JSON.parse(this.#storage.getItem(KEY)) ?? { version: VERSION, checks: {} };
      if (found.version > VERSION) this.#kept = false; // a later edition's: left as it is
      return this.#kept ? cleaned(found.checks) : this.#memory;
    } catch (error) {
      if (!(error instanceof SyntaxError)) this.#kept = false;
      return this.#memory;
    }
  }

  #write(checks) {
    this.#memory = checks;
    if (!this.#kept) return;
    try {
      this.#storage.setItem(KEY, JSON.stringify({ version: VERSION, checks }));
    } catch {
      this.#kept = false; // full, or forbidden
    }
  }
}

/** The entries that make sense; whatever else stands there is passed over. */
function cleaned(checks) {
  const sound = (entry) => entry !== null && typeof entry === "object" && typeof entry.right === "boolean";
  return Object.fromEntries(Object.entries(checks ?? {}).filter(([, entry]) => sound(entry)));
}

/** The storage of this page, or nothing where the reader forbids it. */
function storageOfPage() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** The one progress of this page. */
export const progress = new Progress(typeof document === "undefined" ? undefined : storageOfPage());

if (typeof window !== "undefined") {
  window.addEventListener("storage", (event) => (event.key === KEY || event.key === null) && progress.announce());
}
