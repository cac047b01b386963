import { bytesOf, decoded } from "./player_bytes.js";
import { element } from "./player_dom.js";
import { kindOf } from "./player_filter.js";

/** @typedef {import("./player.js").Player} Player @typedef {import("./player_data.js").Frame} Frame */

const ROW_BYTES = 600; // bytes of a frame that a folded row shows
const SHOWN_START = 8; // bytes of a folded beginning that are shown: "data: {"
const SHOWN_END = 24; // and before the first byte that differs from the frame before
const MAX_CHUNKS = 20; // chunks that an open row lists

/** Makes the rows of the wire pane: of each frame the chunks that brought it, its text, and what it became. */
export class Rows {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.track = player.track;
  }

  /** A folded row. @param {number} index of the frame */
  row(index) {
    const frame = this.track.frames[index];
    const skipped = this.folded(index);
    const event = element("span", "sfstream-cell sfstream-event");
    if (skipped)
      event.append(
        decoded(this.track.body.subarray(frame.start, frame.start + SHOWN_START)),
        element("span", "sfstream-fold", "…"),
      );
    event.append(bytesOf(this.track, { ...frame, start: frame.start + skipped }, ROW_BYTES, this.title));
    // SiliconFlow sends the usage with every frame.
    const told = frame.became.filter(([what]) => what !== "usage" || frame.kind === "usage");
    const text = element("span", "sfstream-became", ...told.map(([, text]) => oneLine(text)).filter(Boolean));
    const delta = element("span", "sfstream-cell sfstream-delta", kindOf(this.player, frame.kind), " ", text);
    const made = element("div", "sfstream-row", this.chunks(index), event, delta);
    for (const cell of made.children) cell.setAttribute("role", "gridcell");
    made.setAttribute("role", "row");
    made.dataset.frame = String(index);
    return made;
  }

  /**
   * Most frames begin as the one before does, up to the delta: a folded row leaves that out, where no chunk ends in it.
   * @param {number} index @returns {number} bytes that are left out
   */
  folded(index) {
    const { body, frames, chunks } = this.track;
    if (!index) return 0;
    const [before, frame] = [frames[index - 1], frames[index]];
    const most = Math.min(before.end - before.start, frame.end - frame.start);
    let same = 0;
    while (same < most && body[before.start + same] === body[frame.start + same]) same++;
    const next = chunks[this.track.chunkAt(frame.start) + 1]?.start ?? Infinity;
    const start = Math.max(0, same - SHOWN_END);
    const isText = [SHOWN_START, start].every((at) => (body[frame.start + at] & 0x80) === 0);
    return start > 2 * SHOWN_START && frame.start + same < next && isText ? start : 0;
  }

  /** The chunks that arrived since the frame before: none where one chunk holds both. @param {number} index */
  chunks(index) {
    const { chunks, frames } = this.track;
    const before = index ? frames[index - 1].chunk : -1;
    const { chunk } = frames[index];
    const made = element("span", "sfstream-cell sfstream-chunk");
    if (chunk === before) {
      made.classList.add("sfstream-same");
      made.append(element("span", "sfstream-number", "″"), this.player.label("same chunk"));
      made.title = this.player.label("chunk {number}", { number: chunk + 1 });
      return made;
    }
    const number = before + 1 === chunk ? `${chunk + 1}` : `${before + 2}–${chunk + 1}`;
    const size = chunks[chunk].end - chunks[before + 1].start;
    made.append(
      element("span", "sfstream-number", number),
      element("span", "sfstream-at", chunks[chunk].t.toFixed(3)),
      element("span", "sfstream-gap", gapBefore(chunks, chunk)),
      element("span", "sfstream-size", `${size} B`),
    );
    return made;
  }

  /** Says which chunk begins at a mark. @param {number} chunk */
  title = (chunk) => {
    const { start, end, t } = this.track.chunks[chunk];
    const values = {
      number: chunk + 1,
      bytes: end - start,
      seconds: t.toFixed(3),
      gap: gapBefore(this.track.chunks, chunk),
    };
    return this.player.label("chunk {number}: {bytes} bytes at {seconds} s ({gap})", values);
  };

  /** What an open row shows: all chunks, all bytes, the JSON, and each delta. @param {number} index @param {Node} copy */
  detail(index, copy) {
    const frame = this.track.frames[index];
    const event = element("div", "sfstream-cell sfstream-event");
    event.append(element("div", "sfstream-raw", bytesOf(this.track, frame, Infinity, this.title)));
    const json = prettyJson(decoded(this.track.body.subarray(frame.start, frame.end)));
    if (json) event.append(element("div", "sfstream-json", json));
    event.append(copy);
    const deltas = frame.became.map(([what, text]) =>
      element("div", "", kindOf(this.player, what), " ", element("span", "sfstream-whole", text)),
    );
    const delta = element("div", "sfstream-cell sfstream-delta", ...deltas);
    if (!deltas.length) delta.append(this.player.label("nothing is added"));
    const made = element(
      "div",
      "sfstream-detail",
      element("div", "sfstream-cell", ...this.chunkList(frame)),
      event,
      delta,
    );
    made.setAttribute("role", "row");
    for (const cell of made.children) cell.setAttribute("role", "gridcell");
    return made;
  }

  /** @param {Frame} frame */
  chunkList(frame) {
    const first = this.track.chunkAt(frame.start);
    const shown = Math.min(frame.chunk, first + MAX_CHUNKS - 1);
    const lines = [];
    for (let chunk = first; chunk <= shown; chunk++) lines.push(element("div", "", this.title(chunk)));
    if (shown < frame.chunk) lines.push(element("div", "", `… ${frame.chunk - shown}`));
    return lines;
  }
}

/** @param {import("./player_data.js").Chunk[]} chunks @param {number} chunk */
function gapBefore(chunks, chunk) {
  const gap = chunks[chunk].t - (chunks[chunk - 1]?.t ?? 0);
  return gap < 0.9995 ? `+${Math.round(gap * 1000)} ms` : `+${gap.toFixed(2)} s`;
}

/** @param {string} text */
const oneLine = (text) => text.slice(0, ROW_BYTES).replace(/\n/g, "⏎").replace(/\s/g, " ");

/** @param {string} raw of a frame @returns {string} its JSON on several lines; empty where it holds none */
function prettyJson(raw) {
  const data = raw
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5))
    .join("\n");
  try {
    return JSON.stringify(JSON.parse(data), null, 2);
  } catch {
    return "";
  }
}
