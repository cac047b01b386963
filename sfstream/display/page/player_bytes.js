import { element } from "./player_dom.js";
import { countUpTo } from "./player_data.js";

/** @typedef {import("./player_data.js").Track} Track @typedef {import("./player_data.js").Frame} Frame */

const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;
/** @type {Record<string, string>} */
const ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param {Uint8Array} bytes @returns {string} */
export const decoded = (bytes) => lenient.decode(bytes);

/** @param {Uint8Array} bytes */
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");

/** @param {number} byte @returns {boolean} whether it continues a UTF-8 character */
const continues = (byte) => (byte & 0xc0) === 0x80;

/**
 * The bytes of a frame as nodes: text with escapes for what is invisible, a mark where a chunk ends, and bytes in hex
 * where a chunk ends inside a character, or where they are no UTF-8.
 * @param {Track} track @param {Frame} frame @param {number} limit bytes after which nothing more is shown
 * @param {(chunk: number) => string} title of the mark before a chunk
 */
export function bytesOf(track, frame, limit, title) {
  const made = document.createDocumentFragment();
  const stop = Math.min(frame.end, frame.start + limit);
  let at = frame.start;
  for (const cuts of cutsIn(track, frame.start, stop)) {
    const [from, to] = characterAround(track.body, cuts[0]) ?? [cuts[0], cuts[0]];
    if (from > at) made.append(textOf(track.body.subarray(at, from)));
    made.append(from === to ? boundary(title(track.chunkAt(cuts[0]))) : cutCharacter(track, from, to, cuts, title));
    at = to;
  }
  if (stop > at) made.append(textOf(track.body.subarray(at, stop)));
  if (stop < frame.end) made.append("…");
  return made;
}

/** Where chunks begin in a range of bytes; several inside one character are together. @param {Track} track @param {number} start @param {number} end */
function cutsIn(track, start, end) {
  /** @type {number[][]} */
  const groups = [];
  let until = -1; // end of the character that the last cut is in
  for (let i = countUpTo(track.chunks, (chunk) => chunk.start <= start); i < track.chunks.length; i++) {
    const cut = track.chunks[i].start;
    if (cut >= end) break;
    if (cut === track.chunks[i].end) continue; // an empty chunk
    if (cut < until) groups[groups.length - 1].push(cut);
    else groups.push([cut]);
    until = characterAround(track.body, cut)?.[1] ?? -1;
  }
  return groups;
}

/**
 * @param {Uint8Array} body @param {number} cut
 * @returns {[start: number, end: number] | null} the character that a cut goes through
 */
function characterAround(body, cut) {
  let start = cut;
  while (start > cut - 3 && continues(body[start])) start--;
  let end = start + 1;
  while (end < start + 4 && continues(body[end])) end++;
  return start < cut && isText(body.subarray(start, end)) ? [start, end] : null;
}

/** @param {Uint8Array} bytes */
function isText(bytes) {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  const made = document.createDocumentFragment();
  if (isText(bytes)) appendText(made, decoded(bytes));
  else
    for (const [piece, isValid] of splitInvalid(bytes))
      isValid ? appendText(made, decoded(piece)) : made.append(invalid(piece));
  return made;
}

/** Split bytes into those that are UTF-8 and those that are not. @param {Uint8Array} bytes @returns {[Uint8Array, boolean][]} */
function splitInvalid(bytes) {
  /** @type {[Uint8Array, boolean][]} */
  const pieces = [];
  let from = 0;
  let at = 0;
  const flush = (/** @type {boolean} */ isValid) => {
    if (at > from) pieces.push([bytes.subarray(from, at), isValid]);
    from = at;
  };
  while (at < bytes.length) {
    let end = at + 1;
    while (end < at + 4 && end < bytes.length && continues(bytes[end])) end++;
    const isValid = isText(bytes.subarray(at, end));
    if (!isValid) flush(true);
    at = end;
    if (!isValid) flush(false);
  }
  flush(true);
  return pieces;
}

/** @param {DocumentFragment} made @param {string} text */
function appendText(made, text) {
  let at = 0;
  for (const { 0: found, index } of text.matchAll(CONTROL)) {
    made.append(text.slice(at, index), element("span", "sfstream-escape", [...found].map(escapeOf).join("")));
    at = index + found.length;
  }
  made.append(text.slice(at));
}

/** @param {string} letter */
const escapeOf = (letter) => ESCAPES[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** @param {Uint8Array} bytes */
const invalid = (bytes) => element("span", "sfstream-cut", `‹${hex(bytes)}›`);

/** @param {string} title */
function boundary(title) {
  const made = element("span", "sfstream-boundary", "|");
  made.title = title;
  return made;
}

/** @param {Track} track @param {number} from @param {number} to @param {number[]} cuts @param {(chunk: number) => string} title */
function cutCharacter(track, from, to, cuts, title) {
  const made = element("span", "sfstream-cut", "‹");
  [from, ...cuts].forEach((start, i) => {
    if (i) made.append(boundary(title(track.chunkAt(start))));
    made.append(hex(track.body.subarray(start, cuts[i] ?? to)));
  });
  made.append("›");
  made.title = decoded(track.body.subarray(from, to));
  return made;
}
