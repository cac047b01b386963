import { decoded } from "./player_bytes.js";
import { toClipboard } from "./clipboard.js";
import { control, element } from "./player_dom.js";
import { Rows } from "./player_rows.js";

/** @typedef {import("./player.js").Player} Player */

const OVERSCAN = 8; // rows that are drawn above and below those in view
const COPIED_TIME = 1500; // ms that "Copied" is shown

/** What arrived: one row for each frame, of which only those in view are in the page. */
export class WirePane {
  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.track = player.track;
    this.rows = new Rows(player);
    /** @type {Map<number, HTMLElement>} */
    this.drawn = new Map();
    /** @type {Set<string>} */
    this.kinds = new Set(); // that are shown; all if empty
    /** @type {string[] | null} */
    this.texts = null; // what the filter by text looks at, once it is used
    this.cursor = NaN;
    this.opened = -1;
    this.height = 0; // of a row
    this.build();
    this.filter();
    new ResizeObserver(() => this.measure()).observe(this.scroller);
  }

  build() {
    const { player } = this;
    this.search = /** @type {HTMLInputElement} */ (element("input", "sfstream-search"));
    this.search.type = "search";
    this.search.placeholder = player.label("Filter by text");
    this.search.setAttribute("aria-label", player.label("Filter by text"));
    this.search.addEventListener("input", () => this.filter());
    this.count = element("span", "sfstream-count");
    this.count.setAttribute("role", "status");
    const { body } = this.track;
    const tools = element("div", "sfstream-tools", this.chips(), this.search, this.count);
    tools.append(this.copyButton("Copy the body", () => body));
    this.sizer = element("div", "sfstream-sizer");
    this.scroller = element("div", "sfstream-rows", this.head(), this.sizer);
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "grid");
    this.scroller.setAttribute("aria-label", player.label("Wire"));
    this.scroller.setAttribute("aria-rowcount", String(this.track.last + 2));
    this.scroller.addEventListener("scroll", () => this.render());
    this.scroller.addEventListener("click", (event) => this.press(event));
    this.scroller.addEventListener("keydown", (event) => this.key(event));
    this.el = element("section", "sfstream-wire", tools, this.scroller);
    this.el.setAttribute("aria-label", player.label("Wire"));
  }

  head() {
    const names = ["Chunk: bytes as they arrived", "Event: one SSE message", "Delta: what it became"];
    const classes = ["chunk", "event", "delta"];
    const cells = names.map((name, i) => element("span", `sfstream-cell sfstream-${classes[i]}`, this.player.label(name)));
    for (const cell of cells) cell.setAttribute("role", "columnheader");
    const made = element("div", "sfstream-row sfstream-head", ...cells);
    made.setAttribute("role", "row");
    return made;
  }

  /** A button for each kind of frame that there is. */
  chips() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { kind } of this.track.frames) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const chips = [...counts].map(([kind, count]) => {
      const label = `${this.player.label(kind)} ${count}`;
      const made = control("sfstream-chip", this.rows.kind(kind), label, () => {
        if (!this.kinds.delete(kind)) this.kinds.add(kind);
        made.setAttribute("aria-pressed", String(this.kinds.has(kind)));
        this.filter();
      });
      made.append(` ${count}`);
      made.setAttribute("aria-pressed", "false");
      return made;
    });
    const made = element("span", "sfstream-group", ...chips);
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", this.player.label("Show these kinds only"));
    return made;
  }

  /** @param {string} key of the label @param {() => Uint8Array} bytes */
  copyButton(key, bytes) {
    const label = this.player.label(key);
    const made = control("sfstream-copy", label, label, async () => {
      const isCopied = await toClipboard(decoded(bytes()));
      made.textContent = this.player.label(isCopied ? "Copied" : "Not copied");
      setTimeout(() => (made.textContent = label), COPIED_TIME);
    });
    return made;
  }

  /** Choose the frames that are shown. */
  filter() {
    const { frames, body, last } = this.track;
    const wanted = this.search.value.toLowerCase();
    if (wanted) {
      this.texts ??= frames.map(({ start, end, became }) =>
        [decoded(body.subarray(start, end)), ...became.map(([, text]) => text)].join("\n").toLowerCase(),
      );
    }
    const isShown = (/** @type {number} */ i) =>
      (!this.kinds.size || this.kinds.has(frames[i].kind)) && (!wanted || this.texts?.[i].includes(wanted));
    /** @type {number[]} */
    this.shown = frames.map((_, i) => i).filter(isShown);
    this.count.textContent = this.player.label("{shown} of {frames} frames", { shown: this.shown.length, frames: last + 1 });
    this.clear();
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
    const [top, room] = [this.top(Math.max(0, place)), this.room()];
    const bottom = top + 2 * this.height; // with the row after it
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (bottom > scroller.scrollTop + room) scroller.scrollTop = bottom - room;
  }

  /** Pixels below the head. */
  room() {
    return this.scroller.clientHeight - /** @type {HTMLElement} */ (this.scroller.firstElementChild).offsetHeight;
  }

  /** Draw the rows in view. */
  render() {
    const { scroller, shown } = this;
    if (!this.height && !this.measureRow()) return;
    this.drawDetail();
    const extra = this.detail?.offsetHeight ?? 0;
    this.sizer.style.height = `${shown.length * this.height + extra}px`;
    const first = Math.max(0, Math.floor((scroller.scrollTop - extra) / this.height) - OVERSCAN);
    const last = Math.min(shown.length - 1, Math.ceil((scroller.scrollTop + scroller.clientHeight) / this.height) + OVERSCAN);
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

  /** @returns {boolean} whether a row has a height, which is not the case before the player is in the page */
  measureRow() {
    if (!this.shown.length || !this.scroller.clientHeight) return false;
    const row = this.rows.row(this.shown[0]);
    this.sizer.append(row);
    this.height = row.offsetHeight;
    row.remove();
    if (this.height) this.reveal();
    return this.height > 0;
  }

  drawDetail() {
    const place = this.place(this.opened);
    if (this.opened < 0 || this.shown[place] !== this.opened || this.detail) return;
    const { start, end } = this.track.frames[this.opened];
    const copy = this.copyButton("Copy the frame", () => this.track.body.subarray(start, end));
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
    if (this.detail && this.detail.offsetTop + this.detail.offsetHeight > this.scroller.scrollTop + this.room()) {
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
