import { element } from "./player_dom.js";
import { Filter, copyButton } from "./player_filter.js";
import { Rows } from "./player_rows.js";

/** @typedef {import("./player.js").Player} Player */

const OVERSCAN = 8; // rows that are drawn above and below those in view

/** What arrived: one row for each frame, of which only those in view are in the page. */
export class WirePane {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.track = player.track;
    this.rows = new Rows(player);
    /** @type {Map<number, HTMLElement>} */
    this.drawn = new Map();
    /** @type {number[]} */
    this.shown = []; // frames that pass the filter
    this.cursor = NaN;
    this.opened = -1;
    this.height = 0; // of a row
    this.room = 0; // pixels below the head
    this.build();
    this.choose();
    new ResizeObserver(() => this.measure()).observe(this.scroller);
  }

  build() {
    const { player } = this;
    this.filter = new Filter(player, () => this.choose());
    const { body } = this.track;
    this.filter.el.append(copyButton(player, "Copy the body", () => body));
    this.sizer = element("div", "sfstream-sizer");
    this.scroller = element("div", "sfstream-rows", this.head(), this.sizer);
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "grid");
    this.scroller.setAttribute("aria-label", player.label("Wire"));
    this.scroller.setAttribute("aria-rowcount", String(this.track.last + 2));
    this.scroller.addEventListener("scroll", () => this.render());
    this.scroller.addEventListener("click", (event) => this.press(event));
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.el = element("section", "sfstream-wire", this.filter.el, this.scroller);
    this.el.setAttribute("aria-label", player.label("Wire"));
  }

  head() {
    const names = ["Chunk: as it arrived", "Event: one SSE message", "Delta: what it became"];
    const classes = ["chunk", "event", "delta"];
    const cells = names.map((name, i) =>
      element("span", `sfstream-cell sfstream-${classes[i]}`, this.player.label(name)),
    );
    for (const cell of cells) cell.setAttribute("role", "columnheader");
    const made = element("div", "sfstream-row sfstream-head", ...cells);
    made.setAttribute("role", "row");
    return made;
  }

  choose() {
    this.shown = this.filter.frames();
    this.clear();
    if (this.height) this.resize();
    this.reveal();
    this.render();
  }

  clear() {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.detail?.remove();
    this.detail = undefined;
  }

  /** @param {number} frame @returns {number} its place among those shown, or that of the one before */
  place(frame) {
    let [low, high] = [0, this.shown.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle] <= frame) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** @param {number} place @returns {number} where its row begins, in pixels */
  top(place) {
    const isBelow = this.opened >= 0 && this.detail && this.shown[place] > this.opened;
    return place * this.height + (isBelow ? this.detail.offsetHeight : 0);
  }

  measure() {
    this.height = 0;
    this.clear();
    this.draw(this.player.cursor);
  }

  /** @param {number} cursor */
  draw(cursor) {
    if (cursor === this.cursor && this.drawn.size) return;
    const isMoved = cursor !== this.cursor;
    this.cursor = cursor;
    if (isMoved) this.reveal();
    this.render();
  }

  /** Scroll the row of the cursor into view, here and not in the page. */
  reveal() {
    const place = this.place(this.cursor);
    if (!this.height) return;
    const { scroller } = this;
    const [top, room] = [this.top(Math.max(0, place)), this.room];
    const bottom = top + 2 * this.height; // with the row after it
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + room) scroller.scrollTop = bottom - room;
  }

  /** Draw the rows in view. */
  render() {
    const { scroller, shown } = this;
    if (!this.height && !this.measureRow()) return;
    this.drawDetail();
    const extra = this.resize();
    const first = Math.max(0, Math.floor((scroller.scrollTop - extra) / this.height) - OVERSCAN);
    const last = Math.min(shown.length - 1, Math.ceil((scroller.scrollTop + this.room) / this.height) + OVERSCAN);
    const wanted = new Set(shown.slice(first, last + 1));
    for (const [frame, row] of this.drawn) if (!wanted.has(frame)) this.drawn.delete(frame) && row.remove();
    const now = this.shown[this.place(this.cursor)];
    for (let place = first; place <= last; place++) this.drawRow(place, now);
  }

  /** @param {number} place @param {number} now the frame of the cursor */
  drawRow(place, now) {
    const frame = this.shown[place];
    let row = this.drawn.get(frame);
    if (!row) {
      row = this.rows.row(frame);
      row.id = `${this.player.id}-${frame}`;
      row.setAttribute("aria-rowindex", String(frame + 2));
      this.drawn.set(frame, row);
      this.sizer.append(row);
    }
    row.style.top = `${this.top(place)}px`;
    row.classList.toggle("sfstream-later", frame > this.cursor);
    row.setAttribute("aria-selected", String(frame === now));
    row.setAttribute("aria-expanded", String(frame === this.opened));
    if (frame === now) this.scroller.setAttribute("aria-activedescendant", row.id);
  }

  /** Give the rows their room. @returns {number} pixels that an open row takes more than others */
  resize() {
    const extra = this.detail?.offsetHeight ?? 0;
    this.sizer.style.height = `${this.shown.length * this.height + extra}px`;
    return extra;
  }

  /** @returns {boolean} whether a row has a height, which is not the case before the player is in the page */
  measureRow() {
    if (!this.shown.length || !this.scroller.clientHeight) return false;
    const row = this.rows.row(this.shown[0]);
    this.sizer.append(row);
    this.height = row.offsetHeight;
    row.remove();
    this.room = this.scroller.clientHeight - /** @type {HTMLElement} */ (this.scroller.firstElementChild).offsetHeight;
    this.drawDetail();
    this.resize();
    if (this.height) this.reveal();
    return this.height > 0;
  }

  drawDetail() {
    const place = this.place(this.opened);
    if (this.opened < 0 || this.shown[place] !== this.opened || this.detail) return;
    const { start, end } = this.track.frames[this.opened];
    const copy = copyButton(this.player, "Copy the frame", () => this.track.body.subarray(start, end));
    this.detail = this.rows.detail(this.opened, copy);
    this.detail.style.top = `${(place + 1) * this.height}px`;
    this.sizer.append(this.detail);
  }

  /** @param {number} frame -1 to close */
  open(frame) {
    this.opened = frame;
    this.detail?.remove();
    this.detail = undefined;
    this.render();
    if (this.detail && this.detail.offsetTop + this.detail.offsetHeight > this.scroller.scrollTop + this.room) {
      this.scroller.scrollTop = this.detail.offsetTop - this.height;
    }
  }

  /** A press selects a row, and opens or closes it where it is selected already. @param {MouseEvent} event */
  press(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest(".sfstream-row[id]"));
    if (!row || getSelection()?.toString()) return; // text is being selected
    const frame = Number(row.dataset.frame);
    this.player.clock.pause();
    this.player.seek(frame);
    this.cursor = frame; // it is in view already
    this.open(this.opened === frame ? -1 : frame);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.target !== this.scroller || !["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) return;
    const place = this.place(this.cursor);
    const next = this.shown[event.key === "ArrowUp" ? place - 1 : place + 1];
    this.player.clock.pause();
    if (event.key === "Enter") this.open(this.opened === this.shown[place] ? -1 : (this.shown[place] ?? -1));
    else if (next !== undefined) this.player.seek(next);
    event.preventDefault();
    event.stopPropagation();
  }
}
