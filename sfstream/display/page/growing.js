import { Rows } from "./rows.js";
import { select, selected } from "./selection.js";

/** @typedef {import("./memory.js").Part} Part @typedef {import("./memory.js").Step} Step */

const BLOCK = 1000; // characters of code, after whose line the next block begins

/** A text in the page that grows at its end: finished nodes, never touched again, and the nodes of what is still open. */
export class Growing {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.clear();
  }

  clear() {
    this.root.replaceChildren();
    this.open = [this.root]; // the innermost open element is the last
    /** @type {ChildNode[]} */
    this.rest = [];
    /** @type {Rows | null} */
    this.rows = null; // of the table that is open
    this.done = 0; // steps taken
    this.shown = "";
  }

  /** @param {Part} part */
  draw(part) {
    const isFinished = this.done === part.steps.length; // all but the rest
    const isSelected = this.isSelected();
    if (isFinished && (this.shown === part.rest || isSelected)) return; // what is selected is held until it is finished
    const was = isSelected ? selected(this.root) : null;
    for (const node of this.rest) node.remove();
    while (this.done < part.steps.length) this.take(part.steps[this.done++]);
    this.rest = this.append(part.rest);
    this.shown = part.rest;
    if (was) select(this.root, was);
    if (this.rows?.isSplit && !this.rows.fits()) this.join();
  }

  /** @param {Step} step */
  take([kind, html]) {
    if (kind === "add") this.append(html);
    else if (kind === "open") this.open.push(/** @type {HTMLElement} */ (this.append(html)[0]));
    else {
      if (this.rows?.isSplit) this.join();
      this.rows = null;
      if (kind === "close") this.open.pop();
      else this.open.splice(1)[0]?.remove();
    }
  }

  /** Make one table of those that the open one stands in. */
  join() {
    const was = selected(this.root);
    this.rows?.join();
    if (was) select(this.root, was);
  }

  /** @param {string} html sanitised by Python */
  append(html) {
    if (!html) return [];
    const template = document.createElement("template");
    template.innerHTML = html;
    const nodes = [...document.importNode(template.content, true).childNodes];
    this.end().append(...nodes);
    return nodes;
  }

  /** Where it grows. */
  end() {
    const open = this.open[this.open.length - 1];
    if (open instanceof HTMLTableSectionElement) return (this.rows ??= new Rows(open)).end();
    return open.matches("pre > code") ? this.lines(open) : open;
  }

  /** Code that grows is laid out anew from its first line, so it stands in blocks: only the last grows. @param {Element} open */
  lines(open) {
    const last = open.lastElementChild;
    const text = last?.classList.contains("sfstream-lines") ? last.textContent : null;
    const isFull = text === null || (text.length >= BLOCK && text.endsWith("\n"));
    if (last && !isFull) return last;
    const block = open.appendChild(document.createElement("span"));
    block.className = "sfstream-lines";
    return block;
  }

  /** Whether the reader has selected some of what would be replaced. */
  isSelected() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return false;
    const range = selection.getRangeAt(0);
    return this.rest.some((node) => range.intersectsNode(node));
  }
}
