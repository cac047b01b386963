/**
 * The two texts of a reply as they grow, for the live view and for the player of a recording.
 *
 * @typedef {[kind: "add" | "open" | "close" | "redo", html: string]} Step
 * @typedef {{ steps: Step[], rest: string }} Part
 * @typedef {{ steps: Step[], keep: number, text: string, length: number }} PartUpdate
 * @typedef {{ reasoning: Part, content: Part }} Parts
 */

export const NAMES = /** @type {const} */ (["reasoning", "content"]);

/** @returns {Parts} */
export const emptyParts = () => ({ reasoning: { steps: [], rest: "" }, content: { steps: [], rest: "" } });

/**
 * @param {Parts} parts @param {Partial<Record<"reasoning" | "content", PartUpdate>>} update what is new of each text
 * @returns {boolean} whether the update fits what is there; otherwise nothing has changed
 */
export function grow(parts, update) {
  const fits = NAMES.every((name) => {
    const part = update[name];
    return !part || parts[name].rest.slice(0, part.keep).length + part.text.length === part.length;
  });
  if (!fits) return false;
  for (const name of NAMES) {
    const [part, own] = [update[name], parts[name]];
    if (!part) continue;
    own.steps.push(...part.steps);
    own.rest = own.rest.slice(0, part.keep) + part.text;
  }
  return true;
}
