import { Track, unpack } from "./player_data.js";
import { Clock } from "./player_clock.js";
import { element } from "./player_dom.js";
import { AnswerPane } from "./player_answer.js";
import { TimelinePane } from "./player_timeline.js";
import { WirePane } from "./player_wire.js";
import { Bar } from "./player_bar.js";
import { listenToKeys } from "./player_keys.js";

/** @typedef {import("./player_data.js").PlayerData} PlayerData */

const DRAW_EVERY = 50; // ms at least between two drawings while it plays, as in the live view

/** Labels of the frames that one can jump to. @param {Record<string, number>} marks @returns {[string, number][]} */
const labelled = (marks) =>
  /** @type {[string, number][]} */ ([
    ["First token", marks["first token"]],
    // Where a model thinks, its content begins where the reasoning ends.
    ["End of reasoning", marks["first content"] > marks["first token"] ? marks["first content"] : undefined],
    ["Finish", marks.finish],
  ]).filter(([, frame]) => frame !== undefined);

/** A recording that is looked at: one cursor, the index of a frame, which all panes show. */
export class Player {
  /** @param {PlayerData} data */
  constructor(data) {
    this.labels = data.labels;
    this.id = `sfstream-${Math.random().toString(36).slice(2)}`; // no other player in the page has it
    this.tracks = data.replies.map((reply) => new Track(reply));
    this.track = this.tracks[0];
    this.cursor = this.track.last;
    this.marks = labelled(this.track.marks);
    this.clock = new Clock(
      this.track,
      (frame) => this.pass(frame),
      () => this.draw(),
    );
    this.drawing = 0; // request of an animation frame
    this.due = 0; // when it may be drawn again while it plays
    /** @type {Record<string, { el: HTMLElement, draw: (frame: number) => void }>} */
    this.panes = { answer: new AnswerPane(this), timeline: new TimelinePane(this), wire: new WirePane(this) };
    for (const [name, pane] of Object.entries(this.panes)) pane.el.hidden = !data.open.includes(name);
    this.bar = new Bar(this);
    // MathJax must not touch it: "$5" is a price.
    this.el = element("div", "sfstream-player tex2jax_ignore mathjax_ignore", this.bar.el);
    this.el.append(...Object.values(this.panes).map((pane) => pane.el));
    this.el.setAttribute("role", "group");
    this.el.setAttribute("aria-label", this.label("Player of a recording"));
    listenToKeys(this);
    this.drawNow();
  }

  /** @param {string} key @param {Record<string, string | number>} values @returns {string} in the reader's language */
  label(key, values = {}) {
    return (this.labels[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }

  /** @returns {string} the place of the cursor in words */
  position() {
    const values = {
      frame: this.cursor + 1,
      frames: this.track.last + 1,
      seconds: this.track.time(this.cursor).toFixed(2),
    };
    return this.label("frame {frame} of {frames}, {seconds} s", values);
  }

  toggle() {
    if (this.clock.isPlaying) this.clock.pause();
    else this.clock.play();
  }

  /** @param {number} by how many frames */
  step(by) {
    this.clock.pause();
    this.seek(this.cursor + by);
  }

  /** @param {number} frame */
  seek(frame) {
    this.cursor = Math.max(-1, Math.min(this.track.last, frame));
    this.clock.moveTo(this.cursor);
    this.draw();
  }

  /** Move to the next mark, or to the one before. @param {1 | -1} direction */
  jump(direction) {
    const frames = [-1, ...this.marks.map(([, frame]) => frame), this.track.last].sort((one, other) => one - other);
    const beyond = frames.filter((frame) => (frame - this.cursor) * direction > 0);
    if (beyond.length) this.seek(beyond[direction > 0 ? 0 : beyond.length - 1]);
  }

  /** Called by the clock for each frame. @param {number} frame */
  pass(frame) {
    if (!this.el.isConnected) return this.clock.pause(); // the output was cleared
    this.cursor = frame;
    const detail = { frame, t: this.track.time(frame) };
    if (frame >= 0) this.el.dispatchEvent(new CustomEvent("sfstream-frame", { detail, bubbles: true }));
    this.draw();
  }

  draw() {
    this.drawing ||= requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    this.drawing = 0;
    const started = performance.now();
    if (!this.clock.isPlaying || started >= this.due) {
      this.bar.draw(this.cursor);
      for (const pane of Object.values(this.panes)) if (!pane.el.hidden) pane.draw(this.cursor);
      this.due = Math.max(started + DRAW_EVERY, 2 * performance.now() - started);
    }
    if (this.clock.isPlaying) this.draw();
  }
}

/** Put the player in the place of the static form, which stays where anything goes wrong. @param {HTMLElement} root */
export async function start(root) {
  try {
    const packed = root.querySelector(".sfstream-data")?.textContent ?? "";
    const player = new Player(await unpack(packed));
    root.querySelector(".sfstream-static")?.replaceWith(player.el);
  } catch (error) {
    console.warn("sfstream shows the static form of a recording:", error);
  }
}
