/**
 * What the page has been sent of a reply, so that any view of it can be drawn at once.
 *
 * @typedef {[kind: "add" | "open" | "close" | "redo", html: string]} Step
 * @typedef {{ steps: Step[], rest: string }} Part
 * @typedef {{ steps: Step[], keep: number, text: string, length: number }} PartFrame
 * @typedef {{ lines: string[], calls: string, summary: string, open: boolean, ended: boolean, aloud: string }} Said
 * @typedef {{ get(name: string): any, send(message: object): void, on(name: string, heed: (message: any) => void): void,
 *   widget_manager?: any }} Model
 */

export const NAMES = /** @type {const} */ (["reasoning", "content"]);
const PATIENCE = 1000; // ms before what has not been answered is asked again
const SLOW = 1000; // ms that Python may take to give the source of the answer

/** @returns {string} a name that nothing else in any page has */
export const newName = () => Math.random().toString(36).slice(2);

export class Memory {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.page = newName(); // other pages of the same kernel hear every message too
    this.isAnswered = false; // whether Python has heard this page during the run
    this.isForeground = false; // whether the run keeps the kernel busy, so that an interrupt would stop it
    this.asked = -PATIENCE;
    this.acknowledged = 0;
    /** @type {(text: string) => void} */
    this.giveSource = () => {};
    this.isLost = false; // whether the kernel that was to answer is gone
    this.onLost = () => {};
    model.widget_manager?.kernel?.statusChanged?.connect((/** @type {object} */ _, /** @type {string} */ status) => {
      if (!/restarting|dead/.test(status) || this.isLost) return;
      this.isLost = true;
      this.onLost();
    });
    this.begin(0);
  }

  /** What the page says by itself, in the reader's language. @returns {Record<string, string>} */
  get words() {
    return this.model.get("_words");
  }

  /** @param {number} run */
  begin(run) {
    this.run = run;
    this.n = 0;
    this.isAnswered = false;
    /** @type {{ reasoning: Part, content: Part }} */
    this.parts = { reasoning: { steps: [], rest: "" }, content: { steps: [], rest: "" } };
    /** @type {Said | null} */
    this.said = null;
  }

  /** Take a message of Python's. @param {any} message */
  hear(message) {
    if (message.to && message.to !== this.page) return;
    if (message.kind === "begin") this.begin(message.run);
    if (message.kind === "whole") this.replace(message);
    if (message.kind === "welcome" || message.kind === "whole") this.isAnswered ||= message.run === this.run;
    if (message.kind === "ack") this.acknowledged = message.run;
    if (message.kind === "source") this.giveSource(message.text);
    this.isForeground = message.foreground ?? this.isForeground;
    if (message.kind === "frame" && !this.take(message)) this.askAgain();
  }

  /** @returns {boolean} whether the frame fits what is there; one that does not is left. @param {any} frame */
  take(frame) {
    const parts = /** @type {Partial<Record<"reasoning" | "content", PartFrame>>} */ (frame.parts);
    const fits = NAMES.every((name) => {
      const part = parts[name];
      return !part || this.parts[name].rest.slice(0, part.keep).length + part.text.length === part.length;
    });
    if (frame.run !== this.run || frame.n !== this.n + 1 || !fits) return false;
    for (const name of NAMES) {
      const [part, mine] = [parts[name], this.parts[name]];
      if (!part) continue;
      mine.steps.push(...part.steps);
      mine.rest = mine.rest.slice(0, part.keep) + part.text;
    }
    this.n = frame.n;
    this.said = frame.said ?? this.said;
    return true;
  }

  /** @param {any} whole */
  replace(whole) {
    this.begin(whole.run);
    this.n = whole.n;
    this.parts = whole.parts;
    this.said = whole.said;
  }

  /** Say that a view is here. @param {string} view @param {boolean} whole whether all is to be sent */
  hello(view, whole = this.run === 0) {
    const language = document.documentElement.lang || navigator.language;
    this.send({ kind: "hello", from: this.page, view, whole, language });
  }

  askAgain() {
    if (performance.now() - this.asked < PATIENCE) return;
    this.asked = performance.now();
    this.hello("", true);
  }

  /** @returns {Promise<string>} the Markdown source of the answer; rejected where Python is too slow */
  source() {
    return new Promise((resolve, reject) => {
      this.giveSource = resolve;
      setTimeout(reject, SLOW);
      this.send({ kind: "source", from: this.page });
    });
  }

  /** @param {object} message */
  send(message) {
    try {
      this.model.send(message);
    } catch {
      // The model is closed: nobody is there to be told.
    }
  }
}
