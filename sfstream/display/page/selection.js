/** @typedef {{ root: Node, start: number, end: number, text: string }} Selected a place in the text of an element */

/** @param {Node} root @returns {Selected | null} what is selected in it */
export function selected(root) {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.commonAncestorContainer)) return null;
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const text = range.toString();
  return { root, start, end: start + text.length, text };
}

/** Select it again, there or in another element that has the same text at that place. @param {Node} root @param {Selected} was */
export function select(root, was) {
  const range = document.createRange();
  range.setStart(...place(root, was.start));
  range.setEnd(...place(root, was.end));
  if (root !== was.root && range.toString() !== was.text) return;
  document.getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
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
