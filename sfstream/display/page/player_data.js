/**
 * The data of a recording that is shown: made by display/player_data.py, packed in the page.
 *
 * @typedef {import("./growth.js").PartUpdate} PartUpdate
 * @typedef {{ parts?: Partial<Record<"reasoning" | "content", PartUpdate>>, again?: boolean, calls?: string,
 *   summary?: string }} Update
 * @typedef {[t: number, data: string | { base64: string }]} PackedChunk
 * @typedef {[end: number, chunk: number, kind: string, became: [what: string, text: string][]]} PackedFrame
 * @typedef {{ model: string, ending: string, about: string[], chunks: PackedChunk[], frames: PackedFrame[],
 *   marks: Record<string, number>, updates: [frame: number, update: Update][] }} PackedReply
 * @typedef {{ version: number, open: string[], labels: Record<string, string>, replies: PackedReply[] }} PlayerData
 * @typedef {{ t: number, start: number, end: number }} Chunk
 * @typedef {{ t: number, start: number, end: number, chunk: number, kind: string, became: [string, string][] }} Frame
 */

const DATA_VERSION = 1;

/** @param {string} packed base64 of gzip of JSON @returns {Promise<PlayerData>} */
export async function unpack(packed) {
  const stream = new Blob([fromBase64(packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const data = JSON.parse(await new Response(stream).text());
  if (data.version !== DATA_VERSION) throw new Error(`data of version ${data.version}`);
  return data;
}

/** @param {string} text */
const fromBase64 = (text) => Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));

/** One recording: its bytes, and where its chunks and frames are in them. A frame of -1 is the time before the first. */
export class Track {
  /** @param {PackedReply} reply */
  constructor(reply) {
    const encoder = new TextEncoder();
    const pieces = reply.chunks.map(([, data]) =>
      typeof data === "string" ? encoder.encode(data) : fromBase64(data.base64),
    );
    let [start, next] = [0, 0];
    this.model = reply.model;
    this.ending = reply.ending;
    this.about = reply.about;
    this.marks = reply.marks;
    this.updates = reply.updates;
    /** @type {Chunk[]} */
    this.chunks = reply.chunks.map(([t], i) => ({ t, start, end: (start += pieces[i].length) }));
    this.body = new Uint8Array(start);
    pieces.forEach((piece, i) => this.body.set(piece, this.chunks[i].start));
    /** @type {Frame[]} */
    this.frames = reply.frames.map(([end, chunk, kind, became]) => {
      const frame = { t: this.chunks[chunk].t, start: next, end, chunk, kind, became };
      next = end;
      return frame;
    });
    this.last = this.frames.length - 1;
    this.total = Math.max(0, this.chunks.at(-1)?.t ?? 0);
  }

  /** @param {number} frame @returns {number} seconds from the request to the arrival of the frame */
  time(frame) {
    return frame < 0 ? 0 : this.frames[frame].t;
  }

  /** @param {number} t @returns {number} the last frame that had arrived by then */
  frameAt(t) {
    return countUpTo(this.frames, (frame) => frame.t <= t) - 1;
  }

  /** @param {number} offset of a byte @returns {number} index of the chunk that holds it */
  chunkAt(offset) {
    return countUpTo(this.chunks, (chunk) => chunk.start <= offset) - 1;
  }
}

/**
 * @template T
 * @param {T[]} items @param {(item: T) => boolean} test true of the first items only
 * @returns {number} how many items it is true of
 */
export function countUpTo(items, test) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(items[middle])) low = middle + 1;
    else high = middle;
  }
  return low;
}
