// A reader's version of a program, kept in this browser only, as long as the book's own program stays the same.

/** A short fingerprint of a text (FNV-1a, 32 bits): enough to notice that the book has changed. */
export function fingerprint(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16);
}

export class Kept {
  /**
   * @param {string} name   of the program on its page
   * @param {string} given  the program as the book has it
   * @param {object} [options]
   * @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} [options.storage]
   * @param {string} [options.path]  of the page
   */
  constructor(name, given, { storage = browserStorage(), path = globalThis.location?.pathname } = {}) {
    this.given = given;
    /** @type {Pick<Storage, "getItem" | "setItem" | "removeItem">} */
    this.storage = storage;
    this.key = `pyrun ${path}#${name}`;
    this.mark = fingerprint(given);
  }

  /** The reader's version; null if there is none. */
  get text() {
    try {
      const { mark, text } = JSON.parse(this.storage.getItem(this.key));
      return mark === this.mark && text !== this.given ? text : null;
    } catch {
      return null;
    }
  }

  set text(text) {
    try {
      if (text === this.given) this.storage.removeItem(this.key);
      else this.storage.setItem(this.key, JSON.stringify({ mark: this.mark, text }));
    } catch {
      // Storage that is full or forbidden keeps nothing; the program runs all the same.
    }
  }
}

function browserStorage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
