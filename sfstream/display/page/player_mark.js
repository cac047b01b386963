const MARKED = "sfstream-frame"; // name of the highlight in player.css

/** Marks the text that a frame added, without a change of the text's elements. Older browsers mark nothing. */
export class Mark {
  /** @param {HTMLElement} root of the text @param {string} added at its end */
  show(root, added) {
    const highlights = globalThis.CSS?.highlights;
    if (!highlights) return;
    if (this.range) highlights.get(MARKED)?.delete(this.range);
    this.range = added.trim() ? endOf(root, added.trim()) : undefined;
    if (!this.range) return;
    if (!highlights.has(MARKED)) highlights.set(MARKED, new Highlight());
    highlights.get(MARKED)?.add(this.range);
  }
}

/** @param {HTMLElement} root @param {string} added as Markdown, so that it may not be there character by character */
function endOf(root, added) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.lastChild());
  let node = walker.currentNode === root ? null : walker.currentNode;
  while (node && !node.nodeValue?.trim()) node = walker.previousNode();
  if (!(node instanceof Text)) return undefined;
  const found = node.data.lastIndexOf(added);
  const start = found < 0 ? Math.max(0, node.data.trimEnd().length - added.length) : found;
  return new StaticRange({
    startContainer: node,
    startOffset: start,
    endContainer: node,
    endOffset: Math.min(node.data.length, start + added.length),
  });
}
