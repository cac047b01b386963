/** @typedef {import("./player_data.js").Track} Track */

const EARLY = 0.5; // ms by which a timer may fire before its frame is due
const MAX_BATCH = 25; // frames at a time where the speed has no limit, so that the answer is still seen to grow
const PAUSE = 16; // ms between such batches

/** Passes the frames of a recording at their recorded gaps. No drift: each frame is due relative to the first. */
export class Clock {
  /** @param {Track} track @param {(frame: number) => void} pass called for each frame @param {() => void} onChange */
  constructor(track, pass, onChange) {
    this.track = track;
    this.pass = pass;
    this.onChange = onChange;
    this.frame = track.last;
    this.since = 0; // time of the page at which this frame was due
    this.speed = 1;
    this.limit = Infinity; // seconds that a pause takes at most
    this.timer = 0;
  }

  get isPlaying() {
    return this.timer !== 0;
  }

  /** Milliseconds from this frame to the next. */
  get gap() {
    const { track, frame } = this;
    return (Math.min(this.limit, Math.max(0, track.time(frame + 1) - track.time(frame))) * 1000) / this.speed;
  }

  /** Seconds of the recording: of this frame, and what has passed since. */
  get time() {
    const { track, frame } = this;
    if (!this.isPlaying || frame === track.last) return frame === track.last ? track.total : track.time(frame);
    const passed = Number.isFinite(this.speed) ? ((performance.now() - this.since) / 1000) * this.speed : 0;
    return Math.min(track.time(frame) + passed, track.time(frame + 1));
  }

  /** Play on, or from the beginning where the end has been reached. */
  play() {
    if (this.isPlaying || this.track.last < 0) return;
    if (this.frame >= this.track.last) this.pass((this.frame = -1));
    this.since = performance.now();
    this.timer = setTimeout(() => this.tick(), this.gap);
    this.onChange();
  }

  pause() {
    if (!this.isPlaying) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.onChange();
  }

  /** @param {number} frame */
  moveTo(frame) {
    this.frame = frame;
    this.restart(0);
  }

  /** @param {number} speed @param {number} limit */
  set(speed, limit) {
    const share = this.isPlaying && this.frame < this.track.last ? (performance.now() - this.since) / this.gap : 0;
    this.speed = speed;
    this.limit = limit;
    this.restart(Math.min(1, share || 0));
  }

  /** Wait for the next frame. @param {number} share of the gap that has passed already */
  restart(share) {
    if (!this.isPlaying) return;
    clearTimeout(this.timer);
    this.since = performance.now() - share * (this.frame < this.track.last ? this.gap : 0);
    this.tick();
  }

  tick() {
    const now = performance.now();
    const mostFrames = Number.isFinite(this.speed) ? Infinity : MAX_BATCH;
    for (let count = 0; count < mostFrames && this.frame < this.track.last; count++) {
      const due = this.since + this.gap;
      if (due > now + EARLY) break;
      this.since = due;
      this.pass(++this.frame);
    }
    if (this.frame >= this.track.last) return this.pause();
    const wait = Number.isFinite(this.speed) ? this.since + this.gap - performance.now() : PAUSE;
    this.timer = setTimeout(() => this.tick(), Math.max(0, wait));
  }
}
