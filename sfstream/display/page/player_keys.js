/** @typedef {import("./player.js").Player} Player */

/** @type {Record<string, (player: Player) => void>} */
const ACTIONS_BY_KEY = {
  " ": (player) => player.toggle(),
  k: (player) => player.toggle(),
  ArrowLeft: (player) => player.step(-1),
  ArrowRight: (player) => player.step(1),
  ",": (player) => player.step(-1),
  ".": (player) => player.step(1),
  Home: (player) => player.seek(-1),
  End: (player) => player.seek(player.track.last),
  "[": (player) => player.jump(-1),
  "]": (player) => player.jump(1),
  "+": (player) => player.bar.changeSpeed(1),
  ">": (player) => player.bar.changeSpeed(1),
  "-": (player) => player.bar.changeSpeed(-1),
  "<": (player) => player.bar.changeSpeed(-1),
};

/** Keys while the focus is in the player. The notebook's shortcuts are off there. @param {Player} player */
export function listenToKeys(player) {
  const { el } = player;
  el.tabIndex = 0;
  el.dataset.lmSuppressShortcuts = "true"; // otherwise JupyterLab takes the keys, and k moves to another cell
  el.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = /** @type {Element} */ (event.target);
    if (target.matches("input[type=search], select") && event.key !== "Escape") return event.stopPropagation();
    const isOwn = event.key === " " && target.matches("button, summary"); // the browser presses it
    const number = Number.parseInt(event.key, 10);
    const action = isOwn
      ? undefined
      : player.marks[number - 1]
        ? () => player.seek(player.marks[number - 1][1])
        : ACTIONS_BY_KEY[event.key];
    if (!action) return;
    action(player);
    event.preventDefault();
    event.stopPropagation();
  });
}
