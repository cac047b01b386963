import { control, element, icon } from "./player_dom.js";

/** @typedef {import("./player.js").Player} Player */

const SPEEDS = [0.25, 0.5, 1, 2, 5, 10, Infinity];
const IDLE_LIMITS = [Infinity, 1, 3]; // seconds
/** @type {Record<string, string>} */
const PANE_LABELS = { answer: "Answer", timeline: "Timeline", wire: "Wire" };
const ICONS = {
  play: "M4 2v12l10-6z",
  pause: "M3 2h4v12H3zM9 2h4v12H9z",
  back: "M3 2h2v12H3zM14 2v12L6 8z",
  forward: "M11 2h2v12h-2zM2 2v12l8-6z",
};

/** The controls above the panes. */
export class Bar {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    const label = (/** @type {string} */ key) => player.label(key);
    this.play = control("sfstream-play", icon(ICONS.play), label("Play"), () => player.toggle());
    this.time = element("span", "sfstream-time");
    this.speed = this.select("Speed", SPEEDS, (speed) => (speed === Infinity ? label("max") : `${speed}×`));
    this.limit = this.select("Longest pause", IDLE_LIMITS, (limit) =>
      limit === Infinity ? label("as recorded") : player.label("{seconds} s", { seconds: limit }),
    );
    this.speed.value = "1";
    const first = element(
      "div",
      "sfstream-bar",
      this.group(
        this.play,
        control("sfstream-back", icon(ICONS.back), label("One frame back"), () => player.step(-1)),
        control("sfstream-forward", icon(ICONS.forward), label("One frame forward"), () => player.step(1)),
      ),
      this.scrubber(),
      this.time,
    );
    const second = element(
      "div",
      "sfstream-bar",
      this.labelled("Speed", this.speed),
      this.labelled("Longest pause", this.limit),
      this.group(...player.marks.map(([name, frame]) => this.mark(name, frame))),
      this.group(...Object.keys(player.panes).map((name) => this.toggle(name))),
    );
    this.el = element("div", "sfstream-bars", first, second);
  }

  /** @param {...Node} controls */
  group(...controls) {
    return element("span", "sfstream-group", ...controls);
  }

  /** @param {string} key @param {Node} inner */
  labelled(key, inner) {
    return element("label", "sfstream-labelled", `${this.player.label(key)} `, inner);
  }

  /** @param {string} key @param {number[]} values @param {(value: number) => string} text */
  select(key, values, text) {
    const made = /** @type {HTMLSelectElement} */ (element("select", "sfstream-select"));
    made.append(...values.map((value) => new Option(text(value), String(value))));
    made.setAttribute("aria-label", this.player.label(key));
    made.addEventListener("change", () => this.player.clock.set(Number(this.speed.value), Number(this.limit.value)));
    return made;
  }

  /** @param {string} name @param {number} frame */
  mark(name, frame) {
    const label = this.player.label(name);
    const made = control("sfstream-mark", label, label, () => this.player.seek(frame));
    made.dataset.mark = name;
    return made;
  }

  /** @param {string} name of a pane */
  toggle(name) {
    const { panes } = this.player;
    const label = this.player.label(PANE_LABELS[name]);
    const made = control("sfstream-toggle", label, label, () => {
      panes[name].el.hidden = !panes[name].el.hidden;
      made.setAttribute("aria-pressed", String(!panes[name].el.hidden));
      this.player.draw();
    });
    made.setAttribute("aria-pressed", String(!panes[name].el.hidden));
    made.dataset.pane = name;
    return made;
  }

  scrubber() {
    this.range = /** @type {HTMLInputElement} */ (element("input", "sfstream-scrubber"));
    Object.assign(this.range, { type: "range", min: "-1", max: String(this.player.track.last), step: "1" });
    this.range.setAttribute("aria-label", this.player.label("Position"));
    this.range.addEventListener("input", () => this.player.seek(Number(this.range.value)));
    return this.range;
  }

  /** @param {number} step 1 for faster, -1 for slower */
  changeSpeed(step) {
    const index = this.speed.selectedIndex + step;
    if (index < 0 || index >= SPEEDS.length) return;
    this.speed.selectedIndex = index;
    this.speed.dispatchEvent(new Event("change"));
  }

  /** @param {number} frame */
  draw(frame) {
    const { player } = this;
    const { isPlaying } = player.clock;
    const label = player.label(isPlaying ? "Pause" : "Play");
    if (this.play.title !== label) {
      this.play.title = label;
      this.play.setAttribute("aria-label", label);
      this.play.replaceChildren(icon(isPlaying ? ICONS.pause : ICONS.play));
    }
    this.range.value = String(frame);
    this.range.setAttribute("aria-valuetext", player.position());
    this.drawTime();
  }

  drawTime() {
    const { clock, track } = this.player;
    this.time.textContent = `${clock.time.toFixed(2)} / ${this.player.label("{seconds} s", { seconds: track.total.toFixed(2) })}`;
  }
}
