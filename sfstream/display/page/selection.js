/** @typedef {{ root: Node, start: number, text: string }} Selected a place in the text of an element */

/**
 * What is selected in an element, and nowhere else. Three clicks on its last paragraph select to the beginning of what
 * comes after it: nothing more to read, but if it stayed so, all that is still to come would be selected too.
 * @param {Node} root @returns {Selected | null}
 */
export function selected(root) {
  const selection = document.getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return null;
  const all = selection.getRangeAt(0);
  if (!root.contains(all.startContainer)) return null;
  const range = all.cloneRange();
  if (!root.contains(range.endContainer)) range.setEnd(root, root.childNodes.length);
  if (range.toString().trim() !== all.toString().trim()) return null;
  const before = document.createRange();
  before.setStart(root, 0);
  before.setEnd(range.startContainer, range.startOffset);
  return { root, start: before.toString().length, text: range.toString() };
}

/**
 * Select it again, there or in another element that has the same text: at that place, or, as a formula that was typeset
 * anew may have moved it, at the only other one.
 * @param {Node} root @param {Selected} was
 */
export function select(root, was) {
  const start = root === was.root ? was.start : find(root.textContent ?? "", was);
  if (start < 0) return;
  const range = document.createRange();
  range.setStart(...place(root, start));
  range.setEnd(...place(root, start + was.text.length));
  document.getSelection()?.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
}

/** @param {string} all @param {Selected} was @returns {number} where it is in another text, less than 0 if nobody knows */
function find(all, { start, text }) {
  if (all.startsWith(text, start)) return start;
  const first = all.indexOf(text);
  return first === all.lastIndexOf(text) ? first : -1;
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
