/** @typedef {import("./growth.js").Part} Part @typedef {import("./growth.js").Step} Step */

const BLOCK = 1000; // characters of code, after whose line the next block begins

/** A text that grows at its end: finished nodes, which are never touched again, and the nodes of the open rest. */
export class GrowingText {
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
    this.done = 0; // steps taken
    this.shown = "";
  }

  /** @param {Part} part */
  draw(part) {
    if (this.done === part.steps.length && this.shown === part.rest) return;
    for (const node of this.rest) node.remove();
    while (this.done < part.steps.length) this.take(part.steps[this.done++]);
    this.rest = this.append(part.rest);
    this.shown = part.rest;
  }

  /** @param {Step} step */
  take([kind, html]) {
    if (kind === "add") this.append(html);
    else if (kind === "open") this.open.push(/** @type {HTMLElement} */ (this.append(html)[0]));
    else if (kind === "close") this.open.pop();
    else this.open.splice(1)[0]?.remove();
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

  /** The element that the next nodes are appended to. */
  end() {
    const open = this.open[this.open.length - 1];
    return open.matches("pre > code") ? this.lines(open) : open;
  }

  /**
   * The browser lays out growing code from its first line on every change, so code is split into blocks of which only
   * the last grows.
   * @param {Element} open
   */
  lines(open) {
    const last = open.lastElementChild;
    const text = last?.classList.contains("sfstream-lines") ? last.textContent : null;
    const isFull = text === null || (text.length >= BLOCK && text.endsWith("\n"));
    if (last && !isFull) return last;
    const block = open.appendChild(document.createElement("span"));
    block.className = "sfstream-lines";
    return block;
  }
}
