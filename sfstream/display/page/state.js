import { emptyParts, grow } from "./growth.js";

/**
 * What Python has sent of a reply, so that any view of it can be drawn at once.
 *
 * @typedef {{ lines: string[], ending: string, calls: string, summary: string, open: boolean, ended: boolean,
 *   announcement: string }} Captions
 * @typedef {{ get(name: string): any, send(message: object): void,
 *   on(name: string, callback: (message: any) => void): void, off(name: string, callback: (message: any) => void): void,
 *   widget_manager?: any }} Model
 */

const RESEND_AFTER = 1000; // ms without an answer, after which the whole reply is asked for again
const SOURCE_TIMEOUT = 1000; // ms that Python may take to send the Markdown source

/** @returns {string} an identifier that no other page uses */
export const newName = () => Math.random().toString(36).slice(2);

export class ReplyState {
  /** @param {Model} model @param {() => void} onLost called when the kernel has restarted or died */
  constructor(model, onLost) {
    this.model = model;
    this.page = newName(); // the kernel broadcasts each message to all pages
    this.isAnswered = false; // whether Python has answered this page during the run
    this.isForeground = false; // whether an interrupt by this page would stop the run
    this.asked = -RESEND_AFTER;
    this.acknowledged = 0;
    /** @type {(text: string) => void} */
    this.resolveSource = () => {};
    this.isLost = false;
    this.onLost = onLost;
    // JupyterLab's kernel connection: it is undocumented, and front-ends of another make have none.
    this.kernel = model.widget_manager?.kernel;
    this.onStatus = (/** @type {object} */ _, /** @type {string} */ status) => {
      if (/restarting|dead/.test(status)) this.lose();
    };
    this.kernel?.statusChanged?.connect(this.onStatus);
    this.begin(0);
  }

  /** Disconnect from the kernel connection, which outlives the widget: a connected slot would keep the answer in memory. */
  dispose() {
    this.kernel?.statusChanged?.disconnect(this.onStatus);
  }

  lose() {
    this.dispose();
    this.isLost = true;
    this.onLost();
  }

  /** The texts of the page's own controls, in the reader's language. @returns {Record<string, string>} */
  get labels() {
    return this.model.get("_labels");
  }

  /** @param {number} run */
  begin(run) {
    this.run = run;
    this.isAgain = false; // whether the next update begins anew; until it comes, the views show what they have
    this.n = 0;
    this.isAnswered = false;
    this.parts = emptyParts();
    /** @type {Captions | null} */
    this.captions = null;
    this.images = ""; // HTML
  }

  /** Apply a message from Python. @param {any} message */
  receive(message) {
    if (message.to && message.to !== this.page) return;
    if (message.kind === "begin") message.run === this.run ? (this.isAgain = true) : this.begin(message.run);
    if (message.kind === "whole") this.replace(message);
    if (message.kind === "welcome" || message.kind === "whole") this.isAnswered ||= message.run === this.run;
    if (message.kind === "ack") this.acknowledged = message.run;
    if (message.kind === "source") this.resolveSource(message.text);
    this.isForeground = message.foreground ?? this.isForeground;
    if (message.kind === "update" && !this.apply(message)) this.requestWhole();
  }

  /** @returns {boolean} whether the update fits what is there; otherwise nothing has changed. @param {any} update */
  apply(update) {
    if (this.isAgain && update.run === this.run) {
      const { isAnswered } = this;
      this.begin(update.run);
      this.isAnswered = isAnswered;
    }
    if (update.run !== this.run || update.n !== this.n + 1 || !grow(this.parts, update.parts)) return false;
    this.n = update.n;
    this.captions = update.captions ?? this.captions;
    this.images = update.images ?? this.images;
    return true;
  }

  /** @param {any} whole */
  replace(whole) {
    this.begin(whole.run);
    this.n = whole.n;
    this.parts = whole.parts;
    this.captions = whole.captions;
    this.images = whole.images;
  }

  /** Tell Python that a view is here. @param {string} view @param {boolean} whole whether to ask for the whole reply */
  hello(view, whole = this.run === 0) {
    const language = document.documentElement.lang || navigator.language;
    this.send({ kind: "hello", from: this.page, view, whole, language });
  }

  requestWhole() {
    if (performance.now() - this.asked < RESEND_AFTER) return;
    this.asked = performance.now();
    this.hello("", true);
  }

  /** @returns {Promise<string>} the Markdown source of the answer; rejected after a timeout */
  source() {
    return new Promise((resolve, reject) => {
      this.resolveSource = resolve;
      setTimeout(reject, SOURCE_TIMEOUT);
      this.send({ kind: "source", from: this.page });
    });
  }

  /** @param {object} message */
  send(message) {
    try {
      this.model.send(message);
    } catch {
      // The model is closed, so nothing on the Python side could receive the message.
    }
  }
}
