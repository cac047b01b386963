/**
 * What outlives a view when the static answer takes its place: where the reader is, the focus, what is selected, and
 * what is being read out.
 */

import { select, selected } from "./selection.js";

const BOXED = "jp-mod-outputsScrolled"; // of a cell whose outputs scroll in a box of their own
const ACTS = ["wheel", "touchstart", "pointerdown", "keydown"]; // by which a reader may scroll
const LISTENED = 10_000; // ms that the last announcement stays for a screen reader

/** Where a view stands in the page, and what the reader has there. */
export class Place {
  /** @param {HTMLElement} el of the view @param {HTMLElement} content whose text the static answer has too */
  constructor(el, content) {
    this.el = el;
    this.content = content;
    this.hasFocus = false;
    /** @type {import("./selection.js").Selected | null} */
    this.selected = null;
    /** @type {HTMLElement | null} */
    this.cell = null;
    this.number = -1; // among the outputs of the cell
    /** @type {(now: Element) => void} */
    this.follow = () => {};
    this.hasActed = false; // the reader, since it was looked at last
    this.act = () => (this.hasActed = true);
    for (const kind of ACTS) document.addEventListener(kind, this.act, { capture: true, passive: true });
    el.addEventListener("focusin", () => (this.hasFocus = true)); // since it was looked at last
  }

  /** Look where the view is, and what the reader has there: the static answer may come before it is drawn again. */
  note() {
    this.hasActed = false;
    this.hasFocus = this.el.contains(document.activeElement);
    if (!this.el.isConnected) return;
    this.selected = selected(this.content);
    if (this.cell) return;
    this.cell = this.el.closest(".jp-CodeCell");
    const outputs = this.cell?.querySelector(".jp-OutputArea");
    if (!this.cell || !outputs) return;
    this.number = [...outputs.children].findIndex((output) => output.contains(this.el));
    keepOpen(this.cell, outputs);
  }

  /** What had the focus may be gone: then its cell has it, so that the keys go on where they were. */
  keepFocus() {
    if (!this.hasFocus || document.activeElement !== document.body) return;
    this.cell?.focus({ preventScroll: true });
  }

  /**
   * Once the static answer is there, what is selected is selected in it too, and its tail is followed for a moment,
   * unless the reader does something: its last line may be longer than the last that was drawn here.
   * @param {number} [frames] that this goes on for
   */
  keep(frames = 60) {
    if (!frames) return this.close();
    requestAnimationFrame(() => {
      const output = this.cell?.querySelector(".jp-OutputArea")?.children[this.number];
      const answer = output?.querySelector(".sfstream");
      const content = answer?.querySelector(".sfstream-content");
      if (answer && content && !this.el.isConnected) {
        if (this.selected && document.getSelection()?.isCollapsed) select(content, this.selected);
        this.selected = null;
        if (!this.hasActed) this.follow(answer);
      }
      this.keep(frames - 1);
    });
  }

  close() {
    for (const kind of ACTS) document.removeEventListener(kind, this.act, { capture: true });
  }
}

/**
 * Notebook 7 puts outputs of more than a hundred lines into a box when they change, and the reader at its beginning.
 * Those that are being read stay open until the cell is run again, or the notebook opened. A box that the reader has
 * asked for comes without a change of the outputs, and stays.
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

/** What is said to screen readers: apart from what changes all the time, and there until it has been read out. */
export class Announcer {
  constructor() {
    this.el = document.createElement("div");
    this.el.className = "sfstream-aloud";
    this.el.setAttribute("role", "status");
    this.el.setAttribute("aria-live", "polite");
    document.body.append(this.el);
  }

  /** @param {string} text */
  say(text) {
    if (this.el.textContent !== text) this.el.textContent = text;
  }

  close() {
    setTimeout(() => this.el.remove(), LISTENED);
  }
}
