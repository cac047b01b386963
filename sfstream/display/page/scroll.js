/**
 * Follow the tail where the reader is at the tail, and otherwise leave everything where it is.
 * @param {HTMLElement} el what is about to change
 * @returns {{ isAtTail: boolean, follow: (now?: Element) => void }} ``follow`` is to be called when it has changed, and
 * again with what stands in its place
 */
export function tail(el) {
  const area = scrolling(el);
  const view = area?.getBoundingClientRect();
  const end = el.getBoundingClientRect().bottom;
  const isAtTail = !view || (view.top < end && end <= view.bottom + 1);
  const follow = (now = el) => {
    const inside = area ?? scrolling(now);
    if (!inside || !isAtTail) return;
    const below = now.getBoundingClientRect().bottom - inside.getBoundingClientRect().bottom;
    if (below > 0) inside.scrollTop += below;
  };
  return { isAtTail, follow };
}

/** @param {Element} el whether the reader can see some of it */
export function isSeen(el) {
  const { top, bottom } = el.getBoundingClientRect();
  const view = scrolling(el)?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
  return top < view.bottom && bottom > view.top;
}

/** @param {Element} el @returns {Element | null} the nearest that scrolls: the notebook, or a long output's own area */
function scrolling(el) {
  for (let area = el.parentElement; area; area = area.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(area).overflowY);
    if (scrolls && area.scrollHeight > area.clientHeight + 1) return area;
  }
  return null;
}
