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

const MODIFIERS = ["Control", "Meta"];

/** Keys while the focus is in the player. @param {Player} player */
export function listenToKeys(player) {
  const { el } = player;
  el.tabIndex = 0;
  // Otherwise JupyterLab takes the keys, and k moves to another cell. With Control they are left to it: Control+S saves.
  const suppress = (/** @type {boolean} */ isOn) => el.toggleAttribute("data-lm-suppress-shortcuts", isOn);
  suppress(true);
  el.addEventListener("keyup", (event) => suppress(!event.ctrlKey && !event.metaKey));
  el.addEventListener("focusout", () => suppress(true));
  el.addEventListener("keydown", (event) => {
    if (MODIFIERS.includes(event.key)) suppress(false);
    if (event.ctrlKey || event.altKey || event.metaKey || event.key === "Tab") return;
    event.stopPropagation(); // the arrows would move to another cell
    if (press(player, event)) event.preventDefault();
  });
}

/** @param {Player} player @param {KeyboardEvent} event @returns {boolean} whether the key does something in the player */
function press(player, event) {
  const target = /** @type {Element} */ (event.target);
  if (target.matches("input[type=search], select")) return false;
  if (event.key === " " && target.matches("button, summary")) return false; // the browser presses it
  const mark = player.marks[Number.parseInt(event.key, 10) - 1];
  const action = mark ? () => player.seek(mark[1]) : ACTIONS_BY_KEY[event.key];
  action?.(player);
  return Boolean(action);
}
