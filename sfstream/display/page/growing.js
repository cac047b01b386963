/** @typedef {import("./memory.js").Part} Part @typedef {import("./memory.js").Step} Step */

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
    this.done = 0; // steps taken
    this.shown = "";
  }

  /** @param {Part} part */
  draw(part) {
    const isFinished = this.done === part.steps.length; // all but the rest
    const isSelected = this.isSelected();
    if (isFinished && (this.shown === part.rest || isSelected)) return; // what is selected is held until it is finished
    const select = isSelected ? selected(this.root) : () => {};
    for (const node of this.rest) node.remove();
    while (this.done < part.steps.length) this.take(part.steps[this.done++]);
    this.rest = this.append(part.rest);
    this.shown = part.rest;
    select();
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
    this.open[this.open.length - 1].append(...nodes);
    return nodes;
  }

  /** Whether the reader has selected some of what would be replaced. */
  isSelected() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return false;
    const range = selection.getRangeAt(0);
    return this.rest.some((node) => range.intersectsNode(node));
  }
}

/** Remember what is selected in an element. @param {HTMLElement} root @returns {() => void} selects the same text again */
function selected(root) {
  const selection = /** @type {Selection} */ (document.getSelection());
  const range = selection.getRangeAt(0);
  if (!root.contains(range.commonAncestorContainer)) return () => {};
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const end = start + range.toString().length;
  return () => selection.setBaseAndExtent(...place(root, start), ...place(root, end));
}

/** @param {Node} root @param {number} offset in its text @returns {[Node, number]} where that is */
function place(root, offset) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (offset <= length) return [node, offset];
    offset -= length;
  }
  return [root, root.childNodes.length];
}
