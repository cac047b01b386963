/**
 * The player: the views of a recording as one interactive component.
 * @param {HTMLElement} root
 */
export function start(root) {
  root.dataset.started = "true";
}
