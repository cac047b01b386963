/**
 * What outlives a view when the static answer replaces it: the reader's place, the keyboard focus, and the announcement
 * that a screen reader is reading out.
 */

const BOXED = "jp-mod-outputsScrolled"; // class of a cell whose outputs scroll in a box of their own
const ACTIONS = ["wheel", "touchstart", "pointerdown", "keydown"]; // by which a reader may scroll
const FOLLOW_FRAMES = 60; // animation frames for which the static answer's tail is followed
const ANNOUNCEMENT_TIME = 10_000; // ms that the last announcement stays for a screen reader

/** The place of a view in the page, and what the reader has there. */
export class Place {
  /** @param {HTMLElement} el of the view */
  constructor(el) {
    this.el = el;
    this.hasFocus = false;
    /** @type {HTMLElement | null} */
    this.cell = null;
    this.number = -1; // index among the outputs of the cell
    /** @type {(now: Element) => void} */
    this.follow = () => {};
    this.hasActed = false; // whether the reader has acted since the view was drawn
    this.act = () => (this.hasActed = true);
    for (const kind of ACTIONS) document.addEventListener(kind, this.act, { capture: true, passive: true });
    this.focus = () => (this.hasFocus = true);
    el.addEventListener("focusin", this.focus);
  }

  /** Called with each drawing, since the static answer may replace the view before it is drawn again. */
  note() {
    this.hasActed = false;
    this.hasFocus = this.el.contains(document.activeElement);
    if (!this.el.isConnected || this.cell) return;
    this.cell = this.el.closest(".jp-CodeCell");
    const outputs = this.cell?.querySelector(".jp-OutputArea");
    if (!this.cell || !outputs) return;
    this.number = [...outputs.children].findIndex((output) => output.contains(this.el));
    keepOpen(this.cell, outputs);
  }

  /** Move the focus to the cell if the element that had it is gone, so that the keyboard works on from there. */
  keepFocus() {
    if (!this.hasFocus || document.activeElement !== document.body) return;
    this.cell?.focus({ preventScroll: true });
  }

  /**
   * Follow the tail of the static answer for a moment, unless the reader acts: its last line may be longer than the last
   * that was drawn here.
   */
  followStatic(frames = FOLLOW_FRAMES) {
    if (!frames) return this.close();
    requestAnimationFrame(() => {
      const output = this.cell?.querySelector(".jp-OutputArea")?.children[this.number];
      const answer = output?.querySelector(".sfstream");
      if (answer && !this.el.isConnected && !this.hasActed) this.follow(answer);
      this.followStatic(frames - 1);
    });
  }

  close() {
    this.el.removeEventListener("focusin", this.focus);
    for (const kind of ACTIONS) document.removeEventListener(kind, this.act, { capture: true });
  }
}

/**
 * Notebook 7 moves outputs of more than a hundred lines into a scrolling box when they change, and shows the beginning.
 * Keep outputs that are being read open until the cell runs again. A box that the reader has asked for comes without a
 * change of the outputs, and stays.
 * @param {HTMLElement} cell @param {Element} outputs
 */
function keepOpen(cell, outputs) {
  const observer = new MutationObserver((changes) => {
    if (!outputs.querySelector(".jp-OutputArea-child")) observer.disconnect();
    const isOfOutputs = changes.some(({ type }) => type === "childList");
    const wasOpen = changes.some(({ type, oldValue }) => type === "attributes" && !oldValue?.includes(BOXED));
    if (isOfOutputs && wasOpen) cell.classList.remove(BOXED);
  });
  observer.observe(outputs, { childList: true });
  observer.observe(cell, { attributeFilter: ["class"], attributeOldValue: true });
}

/** A live region for screen readers, outside of the output, which changes all the time and is replaced at the end. */
export class Announcer {
  constructor() {
    this.el = document.createElement("div");
    this.el.className = "sfstream-announcer";
    this.el.setAttribute("role", "status");
    this.el.setAttribute("aria-live", "polite");
    document.body.append(this.el);
  }

  /** @param {string} text */
  announce(text) {
    if (this.el.textContent !== text) this.el.textContent = text;
  }

  close() {
    setTimeout(() => this.el.remove(), ANNOUNCEMENT_TIME);
  }
}
