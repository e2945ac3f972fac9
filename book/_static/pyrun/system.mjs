// The little of an operating system that CPython for WebAssembly asks for: files in memory, a clock, a way out.

import { Directory, Fd, File, WASI, wasi } from "../engine/wasi/index.js";

/** A file that can be read only; its bytes are shared, not copied. */
export class SharedFile extends File {
  constructor(bytes) {
    super([], { readonly: true });
    this.data = bytes;
  }
}

/** A folder, shared by all runs: nothing can be made in it, and its list is kept (the shim makes it anew for each entry). */
class SharedFolder extends Directory {
  path_open() {
    return { ret: wasi.ERRNO_SUCCESS, fd_obj: listing(super.path_open().fd_obj) };
  }
  create_entry_for_path() {
    return { ret: wasi.ERRNO_ROFS, entry: null };
  }
}

/** Makes reading a folder's list take one step for each entry. */
function listing(opened) {
  const entries = [...opened.dir.contents.entries()];
  opened.fd_readdir_single = (cookie) => {
    if (cookie >= BigInt(entries.length)) return { ret: wasi.ERRNO_SUCCESS, dirent: null };
    const [name, entry] = entries[Number(cookie)];
    return { ret: wasi.ERRNO_SUCCESS, dirent: new wasi.Dirent(cookie + 1n, entry.ino, name, entry.stat().filetype) };
  };
  return opened;
}

/** Folders of a bundle (see files.mjs) as folders of this system. */
export function sharedFolder(content) {
  const entries = new Map();
  for (const [name, item] of content) entries.set(name, item instanceof Map ? sharedFolder(item) : new SharedFile(item));
  return new SharedFolder(entries);
}

/** Something that is written to: `take` gets the bytes. */
class Sink extends Fd {
  constructor(take) {
    super();
    this.take = take;
  }
  fd_fdstat_get() {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_CHARACTER_DEVICE, 0);
    fdstat.fs_rights_base = BigInt(wasi.RIGHTS_FD_WRITE);
    return { ret: wasi.ERRNO_SUCCESS, fdstat };
  }
  fd_filestat_get() {
    return { ret: wasi.ERRNO_SUCCESS, filestat: new wasi.Filestat(0n, wasi.FILETYPE_CHARACTER_DEVICE, 0n) };
  }
  fd_write(data) {
    this.take(data);
    return { ret: wasi.ERRNO_SUCCESS, nwritten: data.byteLength };
  }
}

/** A file that passes on what is written to it. */
export class Outlet extends File {
  constructor(take) {
    super([]);
    this.take = take;
  }
  path_open() {
    return { ret: wasi.ERRNO_SUCCESS, fd_obj: new Sink(this.take) };
  }
}

/** Standard output or error. */
export const standard = (take) => new Sink((bytes) => take(new TextDecoder().decode(bytes)));

/** Ends a program: `sys.exit`, or Python's own end. */
export class Ended extends Error {}

/**
 * What a program imports. The shim's own waiting knows one clock only, and its end is no error to tell apart.
 * @param {WASI} shim
 */
export function imports(shim) {
  const own = { ...shim.wasiImport, poll_oneoff: (...places) => wait(shim, ...places) };
  own.proc_exit = (code) => {
    throw new Ended(String(code));
  };
  // A door of this engine to tools outside, which a page doesn't have.
  return { wasi_snapshot_preview1: own, host: { call: () => -1 } };
}

/** Waits until the first of the clocks asked for is due (time.sleep); anything else asked for is ready at once. */
function wait(shim, asked, answers, count, answered) {
  const memory = new DataView(shim.inst.exports.memory.buffer);
  const due = [];
  for (let index = 0; index < count; index++) {
    const at = asked + 48 * index;
    const clock = memory.getUint8(at + 8) === wasi.EVENTTYPE_CLOCK;
    due.push({ kind: memory.getUint8(at + 8), user: memory.getBigUint64(at, true), ms: clock ? remaining(memory, at) : 0 });
  }
  const first = due.reduce((a, b) => (b.ms < a.ms ? b : a));
  const end = performance.now() + first.ms;
  while (performance.now() < end);
  memory.setBigUint64(answers, first.user, true);
  memory.setUint16(answers + 8, wasi.ERRNO_SUCCESS, true);
  memory.setUint8(answers + 10, first.kind);
  memory.setUint32(answered, 1, true);
  return wasi.ERRNO_SUCCESS;
}

/** Milliseconds until a clock is due. Layout: id at 16, time in ns at 24, flags at 40 (1: a point in time). */
function remaining(memory, at) {
  const time = Number(memory.getBigUint64(at + 24, true)) / 1e6;
  const absolute = memory.getUint16(at + 40, true) & wasi.SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME;
  if (!absolute) return time;
  return time - (memory.getUint32(at + 16, true) === wasi.CLOCKID_REALTIME ? Date.now() : performance.now());
}

export { Directory, PreopenDirectory, File, WASI } from "../engine/wasi/index.js";
