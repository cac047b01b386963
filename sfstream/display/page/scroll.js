/**
 * Follow the tail where the reader is at the tail, and otherwise leave everything where it is.
 * @param {HTMLElement} el what is about to change
 * @returns {{ isAtTail: boolean, follow: () => void }} ``follow`` is to be called when it has changed
 */
export function tail(el) {
  const area = scrolling(el);
  if (!area) return { isAtTail: true, follow() {} };
  const view = area.getBoundingClientRect();
  const end = el.getBoundingClientRect().bottom;
  const isAtTail = view.top < end && end <= view.bottom + 1;
  const follow = () => {
    const below = el.getBoundingClientRect().bottom - area.getBoundingClientRect().bottom;
    if (isAtTail && below > 0) area.scrollTop += below;
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
