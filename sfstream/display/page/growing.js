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
    if (this.done === part.steps.length && (this.shown === part.rest || this.isSelected())) return;
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
    this.open[this.open.length - 1].append(...nodes);
    return nodes;
  }

  /** Whether the reader has selected some of what would be replaced; it is held until that is over or it is finished. */
  isSelected() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return false;
    const range = selection.getRangeAt(0);
    return this.rest.some((node) => range.intersectsNode(node));
  }
}

/**
 * Follow the tail where the reader is at the tail, and otherwise leave everything where it is.
 * @param {HTMLElement} el what is about to grow
 * @returns {() => void} to be called when it has grown
 */
export function follower(el) {
  const area = scrolling(el);
  const before = el.getBoundingClientRect().bottom;
  const isAtTail = area && before <= area.getBoundingClientRect().bottom + 1 && before > area.getBoundingClientRect().top;
  return () => {
    if (!area || !isAtTail) return;
    const below = el.getBoundingClientRect().bottom - area.getBoundingClientRect().bottom;
    if (below > 0) area.scrollTop += below;
  };
}

/** @returns {HTMLElement | null} the nearest ancestor that scrolls: the notebook, or a long output's own area */
function scrolling(/** @type {HTMLElement} */ el) {
  for (let area = el.parentElement; area; area = area.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(area).overflowY);
    if (scrolls && area.scrollHeight > area.clientHeight + 1) return area;
  }
  return null;
}
