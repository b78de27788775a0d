// Python's memory as it stands after the start, kept on this device for the next visit. It is made by keep.js in an
// interpreter of its own that never sees an answer. Whoever finds anything wrong with it drops it and starts plainly.
import { BUILD } from './config.js';

const NAME = 'decision-trees-engine';
/** Of this build of Python and engine, and of these scripts. */
const ADDRESS = new URL(`./snapshot-${BUILD}`, import.meta.url).href;
const MARK = 0x44543031;
const BLOCK = 1024; // words
const SUM = 8; // words: SHA-256
const HEAD = SUM + 3;

/** Find what was kept, or null if there is nothing or the browser keeps nothing. */
export async function findSnapshot() {
  try {
    return await caches.match(ADDRESS, { cacheName: NAME }) ?? null;
  } catch {
    return null;
  }
}

/**
 * Read what was found. Rejects if it is damaged.
 * @param {Response} kept
 */
export async function readSnapshot(kept) {
  const snapshot = await unpack(new Uint32Array(await kept.arrayBuffer())); // whose length may be no number of words
  if (!snapshot) throw new Error('what was kept is damaged');
  return snapshot;
}

/**
 * Keep a snapshot, and no older one. Rejects if the browser keeps nothing or has no room.
 * @param {Uint8Array} snapshot
 */
export async function keepSnapshot(snapshot) {
  await caches.delete(NAME);
  const cache = await caches.open(NAME);
  await cache.put(ADDRESS, new Response(await pack(snapshot)));
}

/** Forget it, where there is a place that could hold it: a page in a sandbox may not even look. */
export async function dropSnapshot() {
  try {
    await caches.delete(NAME);
  } catch {}
}

/**
 * Leave out the blocks that are empty: most of a fresh memory. First the SHA-256 of all that follows, against damage; not
 * against an attacker, since who can write here has the page. Then mark, length, blocks kept; their numbers; the blocks.
 * @param {Uint8Array} snapshot
 */
export async function pack(snapshot) {
  const words = new Uint32Array(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength / 4);
  const full = [];
  for (let at = 0; at < words.length; at += BLOCK) if (words.subarray(at, at + BLOCK).some((word) => word !== 0)) full.push(at / BLOCK);
  const packed = new Uint32Array(HEAD + full.length + full.length * BLOCK);
  packed.set([MARK, words.length, full.length], SUM);
  packed.set(full, HEAD);
  full.forEach((block, i) => packed.set(words.subarray(block * BLOCK, (block + 1) * BLOCK), HEAD + full.length + i * BLOCK));
  packed.set(await digest(packed));
  return packed;
}

/**
 * Undo `pack`; null for what is no whole snapshot.
 * @param {Uint32Array} packed
 */
export async function unpack(packed) {
  const [mark, length, count] = packed.subarray(SUM);
  if (mark !== MARK || packed.length !== HEAD + count + count * BLOCK) return null;
  if ((await digest(packed)).some((word, i) => word !== packed[i])) return null;
  const words = new Uint32Array(length);
  for (let i = 0; i < count; i++) {
    const from = HEAD + count + i * BLOCK;
    words.set(packed.subarray(from, from + Math.min(BLOCK, length - packed[HEAD + i] * BLOCK)), packed[HEAD + i] * BLOCK);
  }
  return new Uint8Array(words.buffer);
}

/** By the browser itself, beside the script: a loop in it took a tenth of a second and held up everything else. */
async function digest(packed) {
  return new Uint32Array(await crypto.subtle.digest('SHA-256', packed.subarray(SUM)));
}
