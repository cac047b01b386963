import { decoded } from "./player_bytes.js";
import { toClipboard } from "./clipboard.js";
import { control, element } from "./player_dom.js";

/** @typedef {import("./player.js").Player} Player */

const COPIED_TIME = 1500; // ms that "Copied" is shown

/** Chooses the frames that the wire pane shows, by their kind and by a text. */
export class Filter {
  /** @param {Player} player @param {() => void} onChange */
  constructor(player, onChange) {
    this.player = player;
    this.track = player.track;
    this.onChange = onChange;
    /** @type {Set<string>} */
    this.kinds = new Set(); // that are shown; all if empty
    /** @type {string[] | null} */
    this.texts = null; // what the filter by text looks at, once it is used
    this.search = /** @type {HTMLInputElement} */ (element("input", "sfstream-search"));
    this.search.type = "search";
    this.search.placeholder = player.label("Filter by text");
    this.search.setAttribute("aria-label", player.label("Filter by text"));
    this.search.addEventListener("input", () => onChange());
    this.count = element("span", "sfstream-count");
    this.count.setAttribute("role", "status");
    this.el = element("div", "sfstream-tools", this.chips(), this.search, this.count);
  }

  /** A button for each kind of frame that there is. */
  chips() {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { kind } of this.track.frames) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const chips = [...counts].map(([kind, count]) => {
      const label = `${this.player.label(kind)} ${count}`;
      const made = control("sfstream-chip", kindOf(this.player, kind), label, () => {
        if (!this.kinds.delete(kind)) this.kinds.add(kind);
        made.setAttribute("aria-pressed", String(this.kinds.has(kind)));
        this.onChange();
      });
      made.append(` ${count}`);
      made.setAttribute("aria-pressed", "false");
      return made;
    });
    const made = element("span", "sfstream-group", ...chips);
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", this.player.label("Show these kinds only"));
    return made;
  }

  /** @returns {number[]} the frames that pass */
  frames() {
    const { frames, body, last } = this.track;
    const wanted = this.search.value.toLowerCase();
    if (wanted) {
      this.texts ??= frames.map(({ start, end, became }) =>
        [decoded(body.subarray(start, end)), ...became.map(([, text]) => text)].join("\n").toLowerCase(),
      );
    }
    const isShown = (/** @type {number} */ i) =>
      (!this.kinds.size || this.kinds.has(frames[i].kind)) && (!wanted || this.texts?.[i].includes(wanted));
    const shown = frames.map((_, i) => i).filter(isShown);
    this.count.textContent = this.player.label("{shown} of {frames} frames", { shown: shown.length, frames: last + 1 });
    return shown;
  }
}

/** @param {Player} player @param {string} kind of a frame, or of what it became */
export function kindOf(player, kind) {
  const made = element("span", "sfstream-kind", player.label(kind));
  made.dataset.kind = kind;
  return made;
}

/** @param {Player} player @param {string} key of the label @param {() => Uint8Array} bytes */
export function copyButton(player, key, bytes) {
  const label = player.label(key);
  const made = control("sfstream-copy", label, label, async () => {
    const isCopied = await toClipboard(decoded(bytes()));
    made.textContent = player.label(isCopied ? "Copied" : "Not copied");
    setTimeout(() => (made.textContent = label), COPIED_TIME);
  });
  return made;
}
