/** @typedef {import("./player_data.js").Track} Track @typedef {{ t: number, what: string }} Token */

const RATE_WINDOW = 1; // seconds over which the running rate is counted, at most
const LONG_GAP = 0.5; // seconds without a token from which a gap is marked, if it is long among the gaps
const MOST_GAPS = 5; // gaps that are marked
const TOKENS = ["reasoning", "content", "tool call"];

/** @param {Track} track @returns {Token[]} when each token came; a delta is about one token */
export function tokensOf(track) {
  /** @type {Token[]} */
  let tokens = [];
  for (const { t, became } of track.frames) {
    for (const [what] of became) {
      if (TOKENS.includes(what)) tokens.push({ t, what });
      if (what === "content was reasoning")
        tokens = tokens.map(({ t, what }) => ({ t, what: what === "content" ? "reasoning" : what }));
    }
  }
  return tokens;
}

/**
 * @param {Token[]} tokens
 * @returns {[from: number, to: number][]} the longest times without a token, each much longer than is usual here
 */
export function longGaps(tokens) {
  const gaps = tokens.slice(1).map(({ t }, i) => /** @type {[number, number]} */ ([tokens[i].t, t]));
  const lengths = gaps.map(([from, to]) => to - from).sort((one, other) => one - other);
  const least = Math.max(LONG_GAP, 5 * (lengths[lengths.length >> 1] ?? 0));
  const found = gaps.filter(([from, to]) => to - from >= least);
  return found.sort((one, other) => other[1] - other[0] - (one[1] - one[0])).slice(0, MOST_GAPS);
}

/**
 * The running rate: tokens per second over the time just before.
 * @param {Token[]} tokens @param {number} total seconds on the axis @param {number} steps at how many times
 * @returns {number[]} at equal steps from 0 to the total
 */
export function ratesOf(tokens, total, steps) {
  const window = Math.min(RATE_WINDOW, total / 8) || 1;
  let [from, to] = [0, 0];
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = (total * i) / steps;
    while (to < tokens.length && tokens[to].t <= t) to++;
    while (from < to && tokens[from].t <= t - window) from++;
    return (to - from) / window;
  });
}

/** @param {number} total @param {number} count most labels @returns {number} seconds between the labels of an axis */
export function axisStep(total, count) {
  const least = total / Math.max(1, count) || 1;
  const unit = 10 ** Math.floor(Math.log10(least));
  return unit * ([1, 2, 5].find((factor) => factor * unit >= least) ?? 10);
}
