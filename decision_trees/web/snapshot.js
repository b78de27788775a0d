// Python's memory as it stands after the start, kept on this device for the next visit. It is made by keep.js in an
// interpreter of its own that never sees an answer. Whoever finds anything wrong with it drops it and starts plainly.
import { BUILD } from './config.js';

const NAME = 'decision-trees-engine';
/** Of this build of Python and engine, and of these scripts. */
const ADDRESS = new URL(`./snapshot-${BUILD}`, import.meta.url).href;
const MARK = 0x44543031;
const BLOCK = 1024; // words
const HEAD = 4;

/** Give what was kept, or null if there is none, it is damaged, or the browser keeps nothing. */
export async function readSnapshot() {
  try {
    const kept = await caches.match(ADDRESS, { cacheName: NAME });
    return kept ? unpack(new Uint32Array(await kept.arrayBuffer())) ?? await dropSnapshot() : null;
  } catch {
    return dropSnapshot(); // its length may be no number of words
  }
}

/**
 * Keep a snapshot, and no older one. Rejects if the browser keeps nothing or has no room.
 * @param {Uint8Array} snapshot
 */
export async function keepSnapshot(snapshot) {
  await caches.delete(NAME);
  const cache = await caches.open(NAME);
  await cache.put(ADDRESS, new Response(pack(snapshot)));
}

/** Forget it, where there is a place that could hold it: a page in a sandbox may not even look. */
export async function dropSnapshot() {
  try {
    await caches.delete(NAME);
  } catch {}
  return null;
}

/**
 * Leave out the blocks that are empty: most of a fresh memory. Head: mark, length, blocks kept, checksum; then the
 * numbers of the blocks, then the blocks.
 * @param {Uint8Array} snapshot
 */
export function pack(snapshot) {
  const words = new Uint32Array(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength / 4);
  const full = [];
  for (let at = 0; at < words.length; at += BLOCK) if (words.subarray(at, at + BLOCK).some((word) => word !== 0)) full.push(at / BLOCK);
  const packed = new Uint32Array(HEAD + full.length + full.length * BLOCK);
  packed.set([MARK, words.length, full.length], 0);
  packed.set(full, HEAD);
  full.forEach((block, i) => packed.set(words.subarray(block * BLOCK, (block + 1) * BLOCK), HEAD + full.length + i * BLOCK));
  packed[HEAD - 1] = check(packed);
  return packed;
}

/**
 * Undo `pack`; null for what is no whole snapshot.
 * @param {Uint32Array} packed
 */
export function unpack(packed) {
  const [mark, length, count, sum] = packed;
  if (mark !== MARK || packed.length !== HEAD + count + count * BLOCK || sum !== check(packed)) return null;
  const words = new Uint32Array(length);
  for (let i = 0; i < count; i++) {
    const from = HEAD + count + i * BLOCK;
    words.set(packed.subarray(from, from + Math.min(BLOCK, length - packed[HEAD + i] * BLOCK)), packed[HEAD + i] * BLOCK);
  }
  return new Uint8Array(words.buffer);
}

/** A sum over all but itself that any damage changes. Against damage, not against an attacker: who can write here has the page. */
function check(packed) {
  let sum = 0;
  for (let i = 0; i < packed.length; i++) if (i !== HEAD - 1) sum = Math.imul(sum ^ packed[i], 0x01000193) >>> 0;
  return sum;
}
