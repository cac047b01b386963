/**
 * Follow the tail if the reader is at the tail; otherwise do not scroll.
 * @param {HTMLElement} el the element that is about to change
 * @returns {{ isAtTail: boolean, follow: (now?: Element) => void }} Call ``follow`` after the change, and again with the
 * element that replaces this one.
 */
export function tail(el) {
  const area = scrollArea(el);
  const view = area?.getBoundingClientRect();
  const end = el.getBoundingClientRect().bottom;
  const isAtTail = !view || (view.top < end && end <= view.bottom + 1);
  const follow = (now = el) => {
    const inside = area ?? scrollArea(now);
    if (!inside || !isAtTail) return;
    const below = now.getBoundingClientRect().bottom - inside.getBoundingClientRect().bottom;
    if (below > 0) inside.scrollTop += below;
  };
  return { isAtTail, follow };
}

/** @param {Element} el @returns {boolean} whether a part of it is in view */
export function isInView(el) {
  const { top, bottom } = el.getBoundingClientRect();
  const view = scrollArea(el)?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  return top < view.bottom && bottom > view.top;
}

/** @param {Element} el @returns {Element | null} the nearest scrolling ancestor: the notebook, or the box of an output */
function scrollArea(el) {
  for (let area = el.parentElement; area; area = area.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(area).overflowY);
    if (scrolls && area.scrollHeight > area.clientHeight + 1) return area;
  }
  return null;
}
