// The engine's files: fetched once, kept in the browser's cache under names that change with their content.

const STORE = "pyrun";

/** The cache of this site, or null where the browser offers none (pages that came over plain HTTP, private windows). */
async function store() {
  try {
    return await caches.open(STORE);
  } catch {
    return null;
  }
}

/** Which of these files would have to be fetched. @param {URL[]} urls @returns {Promise<URL[]>} */
export async function missing(urls) {
  const kept = await store();
  const found = await Promise.all(urls.map((url) => kept?.match(url)));
  return urls.filter((_, index) => !found[index]);
}

/** Forgets the files of earlier builds. @param {URL[]} current */
export async function forgetOthers(current) {
  const kept = await store();
  const names = new Set(current.map(String));
  for (const request of (await kept?.keys()) ?? []) if (!names.has(request.url)) await kept.delete(request);
}

/**
 * The unpacked content of a gzipped file, as a stream.
 * @param {URL} url
 * @param {(bytes: number) => void} arrived  called with the size of each piece that came from the network
 */
export async function unpacked(url, arrived) {
  const kept = await store();
  let response = await kept?.match(url);
  if (!response) {
    response = await fetch(url);
    if (!response.ok) throw new Error(`${url.pathname} couldn't be loaded (${response.status})`);
    // Kept in the background; a full disk is no reason not to run.
    kept?.put(url, response.clone()).catch(() => undefined);
    const counted = new TransformStream({ transform: (piece, control) => (arrived(piece.byteLength), control.enqueue(piece)) });
    return response.body.pipeThrough(counted).pipeThrough(new DecompressionStream("gzip"));
  }
  return response.body.pipeThrough(new DecompressionStream("gzip"));
}

/**
 * The files of a bundle: four bytes with the length of a table, the table (JSON: path → size), their contents.
 * @param {Uint8Array} bytes
 * @returns {Map<string, any>} folders are maps, files are Uint8Arrays
 */
export function folders(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const table = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const root = new Map();
  let at = 4 + length;
  for (const [path, size] of Object.entries(table)) {
    const parts = path.split("/");
    const name = parts.pop();
    let folder = root;
    for (const part of parts) {
      if (!folder.has(part)) folder.set(part, new Map());
      folder = folder.get(part);
    }
    folder.set(name, bytes.subarray(at, at + size));
    at += size;
  }
  return root;
}

/** Bytes for people: "27 MB", "700 kB". */
export function megabytes(bytes) {
  return bytes < 950_000 ? `${Math.ceil(bytes / 1e5) * 100} kB` : `${Math.ceil(bytes / 1e6)} MB`;
}
