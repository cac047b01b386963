import { NAMES, emptyParts, grow } from "./growth.js";
import { GrowingText } from "./text.js";
import { countUpTo } from "./player_data.js";
import { Mark } from "./player_mark.js";
import { element } from "./player_dom.js";

/** @typedef {import("./player.js").Player} Player */

/** The answer as it was displayed after a frame. */
export class AnswerPane {
  /** @param {Player} player */
  constructor(player) {
    this.track = player.track;
    this.mark = new Mark();
    this.frame = NaN; // that is shown
    this.drawnAgain = 0;
    this.drawn = ""; // HTML of the calls in the page
    this.isTouched = false; // whether the reader has opened or closed the reasoning
    this.build();
    this.forget();
  }

  build() {
    this.summary = element("summary", "sfstream-summary");
    this.thoughts = element("div", "sfstream-thoughts");
    this.box = /** @type {HTMLDetailsElement} */ (
      element("details", "sfstream-reasoning", this.summary, this.thoughts)
    );
    this.text = element("div", "sfstream-text");
    this.calls = element("div", "sfstream-calls");
    this.about = element("div", "sfstream-about", ...this.track.about.map((line) => element("div", "", line)));
    this.ending = element("div", "sfstream-ending");
    this.ending.innerHTML = this.track.ending; // escaped by Python
    const content = element("div", "sfstream-content", this.text, this.calls);
    this.el = element("div", "sfstream-answer sfstream-live", this.box, content, this.ending, this.about);
    this.texts = { reasoning: new GrowingText(this.thoughts), content: new GrowingText(this.text) };
    this.summary.addEventListener("click", () => (this.isTouched = true));
  }

  forget() {
    this.count = 0; // updates applied
    this.again = 0; // how many of them began anew
    this.parts = emptyParts();
    this.html = this.heading = "";
  }

  /** Show the answer after a frame. @param {number} frame */
  draw(frame) {
    const { el } = this;
    // The whole answer is shown from its beginning; what grows is followed, unless the reader has scrolled away.
    const isAtTail = this.frame === this.track.last || el.scrollTop + el.clientHeight >= el.scrollHeight - 2;
    if (frame === this.frame) return;
    this.frame = frame;
    if (frame < this.track.last && el.clientHeight) el.style.minHeight ||= `${el.offsetHeight}px`; // nothing below moves
    this.apply(countUpTo(this.track.updates, ([number]) => number <= frame));
    for (const name of NAMES) {
      const isOther = this.drawnAgain !== this.again || this.texts[name].done > this.parts[name].steps.length;
      if (isOther) this.texts[name].clear();
      this.texts[name].draw(this.parts[name]);
    }
    this.drawnAgain = this.again;
    if (this.drawn !== this.html) this.calls.innerHTML = this.drawn = this.html; // escaped by Python
    this.summary.textContent = this.heading;
    this.box.hidden = !this.heading;
    const { content } = this.parts;
    if (!this.isTouched) this.box.open = !content.steps.length && !content.rest.trim() && !this.html;
    this.ending.hidden = this.about.hidden = frame < this.track.last;
    this.markFrame(frame);
    if (isAtTail && frame < this.track.last) el.scrollTop = el.scrollHeight;
  }

  /** Mark what the frame added. @param {number} frame */
  markFrame(frame) {
    const became = frame < 0 ? [] : this.track.frames[frame].became;
    const name = became.some(([what]) => what === "content") ? "content" : "reasoning";
    const added = became.filter(([what]) => what === name).map(([, text]) => text);
    this.mark.show(name === "content" ? this.text : this.thoughts, added.join(""));
  }

  /** Bring the texts to the state after so many updates; a step back begins anew. @param {number} count */
  apply(count) {
    if (count < this.count) this.forget();
    for (const [, update] of this.track.updates.slice(this.count, count)) {
      if (update.again) this.parts = emptyParts();
      if (update.again) this.again++;
      if (!grow(this.parts, update.parts ?? {})) throw new Error("an update does not fit");
      this.html = update.calls ?? this.html;
      this.heading = update.summary ?? this.heading;
    }
    this.count = count;
  }
}
