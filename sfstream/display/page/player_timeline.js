import { element, svg } from "./player_dom.js";
import { kindOf } from "./player_filter.js";
import { axisStep, longGaps, ratesOf, tokensOf } from "./player_lanes.js";

/** @typedef {import("./player.js").Player} Player @typedef {import("./player_data.js").Track} Track */

const KINDS_OF_TOKENS = ["reasoning", "content", "tool call"];
const RATE_STEP = 3; // pixels
const TOLERANCE = 3; // pixels by which a press may be left of a frame

/** When each token came: a lane for each recording, on one axis in seconds. */
export class TimelinePane {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.total = Math.max(...player.tracks.map((track) => track.total), 0.001);
    this.lanes = player.tracks.map((track) => ({ track, tokens: tokensOf(track) }));
    this.width = 0;
    this.slider = element("div", "sfstream-lanes");
    this.el = element("section", "sfstream-timeline", this.legend(), this.slider);
    this.el.setAttribute("aria-label", player.label("Timeline"));
    this.slider.tabIndex = 0;
    this.slider.setAttribute("role", "slider");
    this.slider.setAttribute("aria-label", player.label("Position"));
    this.slider.setAttribute("aria-valuemin", "0");
    this.slider.setAttribute("aria-valuemax", this.total.toFixed(2));
    this.slider.addEventListener("pointerdown", (event) => this.press(event));
    this.slider.addEventListener("pointermove", (event) => event.buttons & 1 && this.moveTo(event));
    new ResizeObserver(() => this.resize()).observe(this.slider);
  }

  /** The tokens that there are, with their colours. */
  legend() {
    const kinds = KINDS_OF_TOKENS.filter((kind) =>
      this.lanes.some(({ tokens }) => tokens.some(({ what }) => what === kind)),
    );
    const names = kinds.map((kind) => kindOf(this.player, kind));
    return element(
      "div",
      "sfstream-legend",
      ...names,
      element("span", "sfstream-rate-name", this.player.label("deltas per second")),
    );
  }

  resize() {
    const { clientWidth } = this.slider;
    const em = parseFloat(getComputedStyle(this.slider).fontSize);
    if (!clientWidth || (clientWidth === this.width && em === this.em)) return;
    this.width = clientWidth;
    this.em = em;
    this.drawLanes();
    this.draw(this.player.cursor);
  }

  /** @param {number} t @returns {number} */
  x(t) {
    return (Math.max(0, t) / this.total) * (this.width - 2) + 1;
  }

  drawLanes() {
    const { em } = this;
    const isOne = this.lanes.length === 1;
    const laneHeight = (isOne ? 5.2 : 6.6) * em;
    const height = laneHeight * this.lanes.length + 1.6 * em;
    const drawn = svg("svg", { width: this.width, height, "aria-hidden": "true" });
    this.lanes.forEach(({ track, tokens }, i) => {
      const top = i * laneHeight;
      if (!isOne) drawn.append(this.text(1, top + em, track.model, "sfstream-lane-name"));
      drawn.append(...this.lane(track, tokens, top + (isOne ? 0 : 1.4) * em));
    });
    drawn.append(...this.axis(height - 1.5 * em));
    // What moves has layers of its own, so that thousands of ticks are not painted again; the texts stay legible.
    const names = svg("svg", { width: this.width, height, class: "sfstream-names", "aria-hidden": "true" });
    names.append(...drawn.querySelectorAll("text"));
    this.later = element("div", "sfstream-veil");
    this.line = element("div", "sfstream-cursor");
    this.later.style.height = this.line.style.height = `${height - 1.5 * em}px`;
    this.slider.replaceChildren(drawn, this.later, names, this.line);
  }

  /** @param {Track} track @param {import("./player_lanes.js").Token[]} tokens @param {number} top in pixels */
  lane(track, tokens, top) {
    const { em } = this;
    const [ticks, rate] = [top + 1.3 * em, top + 5 * em];
    const first = tokens[0]?.t ?? track.total;
    const label = this.player.label("first token {seconds} s", { seconds: first.toFixed(2) });
    let free = -1; // pixels from which there is room for a label
    const made = [];
    const spans = [
      /** @type {[number, number]} */ ([0, first]),
      ...longGaps(tokens).sort((one, other) => one[0] - other[0]),
    ];
    for (const [from, to] of tokens.length ? spans : []) {
      const name = from ? this.player.label("{seconds} s", { seconds: (to - from).toFixed(1) }) : label;
      const wide = 0.55 * em * (name.length + 1);
      const left = from ? (this.x(from) + this.x(to) - wide) / 2 : 0;
      made.push(this.span(from, to, top, name, left >= free ? left : NaN));
      if (left >= free) free = left + wide;
    }
    for (const kind of KINDS_OF_TOKENS) {
      const [from, to] = kind === "reasoning" ? [ticks + 0.5 * em, ticks + 1.5 * em] : [ticks, ticks + 1.5 * em];
      const own = tokens.filter(({ what }) => what === kind);
      const d = own.map(({ t }) => `M${this.x(t).toFixed(1)} ${from}V${to}`).join("");
      if (d) made.push(svg("path", { class: "sfstream-ticks", "data-kind": kind, d }));
    }
    return [...made, ...this.rate(track, tokens, ticks + 1.9 * em, rate)];
  }

  /** A time without a token, with its length where there is room. @param {number} from @param {number} to @param {number} top @param {string} label @param {number} at where the label has room, if anywhere */
  span(from, to, top, label, at) {
    const [left, right] = [this.x(from), this.x(to)];
    const box = svg("rect", {
      class: "sfstream-span",
      x: left,
      y: top + 1.3 * this.em,
      width: Math.max(1, right - left),
      height: 1.5 * this.em,
    });
    const made = svg("g", {}, svg("title", {}, label), box);
    if (!Number.isNaN(at)) made.append(this.text(at + 1, top + this.em, label, "sfstream-span-name"));
    return made;
  }

  /** @param {Track} track @param {import("./player_lanes.js").Token[]} tokens @param {number} top @param {number} bottom */
  rate(track, tokens, top, bottom) {
    const end = this.x(track.total);
    const rates = ratesOf(tokens, track.total || 1, Math.max(1, Math.round(end / RATE_STEP)));
    const highest = Math.max(...rates, 0);
    if (!highest) return [];
    const points = rates.map((rate, i) => {
      const x = ((end - 1) * i) / (rates.length - 1) + 1;
      return `${x.toFixed(1)},${(bottom - (rate / highest) * (bottom - top)).toFixed(1)}`;
    });
    const label = this.player.label("at most {rate} per second", { rate: Math.round(highest) });
    const made = svg("g", {}, svg("title", {}, label));
    made.append(
      svg("polygon", { class: "sfstream-rate-area", points: `1,${bottom} ${points.join(" ")} ${end},${bottom}` }),
    );
    made.append(svg("polyline", { class: "sfstream-rate", points: points.join(" ") }));
    return [made];
  }

  /** @param {number} y */
  axis(y) {
    const { em, width } = this;
    const step = axisStep(this.total, width / (6 * em));
    const digits = Math.max(0, -Math.floor(Math.log10(step)));
    const made = [svg("path", { class: "sfstream-axis", d: `M0 ${y}H${width}` })];
    for (let i = 0; i * step <= this.total; i++) {
      const x = this.x(i * step);
      const text = this.text(
        x,
        y + 1.2 * em,
        i ? (i * step).toFixed(digits) : this.player.label("{seconds} s", { seconds: 0 }),
        "sfstream-axis-name",
      );
      text.setAttribute("text-anchor", i ? (x > width - 2 * em ? "end" : "middle") : "start");
      made.push(svg("path", { class: "sfstream-axis", d: `M${x} ${y}v${0.3 * em}` }), text);
    }
    return made;
  }

  /** @param {number} x @param {number} y @param {string} text @param {string} name */
  text(x, y, text, name) {
    return svg("text", { x, y, class: name }, text);
  }

  /** @param {number} frame */
  draw(frame) {
    const { track, clock } = this.player;
    const t = clock.isPlaying && !this.isCalm() ? clock.time : track.time(frame);
    const x = this.x(frame === track.last ? track.total : t);
    this.slider.setAttribute("aria-valuenow", t.toFixed(2));
    this.slider.setAttribute("aria-valuetext", this.player.position());
    if (!this.line || !this.later) return;
    this.line.style.transform = `translateX(${x - 1}px)`;
    this.later.style.transform = `translateX(${x}px)`;
  }

  /** @returns {boolean} whether the reader prefers the line to move from frame to frame only */
  isCalm() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button) return;
    this.slider.setPointerCapture(event.pointerId);
    this.moveTo(event);
  }

  /** Move the cursor to the last frame that had arrived by then. @param {PointerEvent} event */
  moveTo(event) {
    const x = event.clientX - this.slider.getBoundingClientRect().left;
    this.player.seek(this.player.track.frameAt(((x + TOLERANCE) / this.width) * this.total));
  }
}
