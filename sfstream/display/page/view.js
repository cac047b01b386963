/** The page's side of view.py: one memory for the model, and any number of views that are drawn from it. */

import { Memory, NAMES, newName } from "./memory.js";
import { Growing } from "./growing.js";
import { isSeen, tail } from "./scroll.js";
import { Announcer, Place } from "./swap.js";
import { Buttons } from "./buttons.js";

/** @typedef {import("./memory.js").Model} Model @typedef {import("./memory.js").Said} Said */

const HELLOS = [0, 100, 100, 100, 700]; // ms between them: the way into a busy kernel takes a moment to be laid
const SETTLED = 2000; // ms after which an answer that should have been replaced is not going to be

class View {
  /** @param {HTMLElement} el @param {Memory} memory */
  constructor(el, memory) {
    this.el = el;
    this.memory = memory;
    this.name = newName();
    this.due = 0; // when it may be drawn again
    this.timer = 0;
    this.isClosed = this.isTouched = this.isLeft = false;
    /** @type {Memory["parts"] | null} */
    this.parts = null;
    this.called = "";
    this.build();
    this.draw();
    this.hello(0);
    this.heed = () => this.draw();
    document.addEventListener("selectionchange", this.heed);
  }

  build() {
    this.el.classList.add("sfstream-live");
    this.el.innerHTML = `<div class="jp-RenderedHTMLCommon jp-RenderedHTML">${this.memory.model.get("_skeleton")}</div>`;
    this.answer = /** @type {HTMLElement} */ (this.el.querySelector(".sfstream"));
    this.box = /** @type {HTMLDetailsElement} */ (this.find("reasoning"));
    this.summary = this.find("summary");
    this.texts = { reasoning: new Growing(this.find("thoughts")), content: new Growing(this.find("text")) };
    this.buttons = new Buttons(this.memory, this.find("content"));
    this.about = this.find("about");
    this.line = new Text();
    this.about.firstElementChild?.replaceChildren(this.line, " ", this.buttons.stop, this.buttons.copy);
    this.aloud = new Announcer();
    this.place = new Place(this.el, this.find("content"));
    this.box.hidden = true;
    this.summary.dataset.lmSuppressShortcuts = "true";
    this.summary.addEventListener("click", () => (this.isTouched = true));
    this.box.addEventListener("toggle", () => this.isTouched && this.tellOpen());
  }

  /** @param {string} name */
  find(name) {
    return /** @type {HTMLElement} */ (this.el.querySelector(`.sfstream-${name}`));
  }

  /** Say that it is here, until Python has answered. @param {number} attempt */
  hello(attempt) {
    if (attempt === HELLOS.length) return;
    setTimeout(() => {
      if (this.isClosed || (attempt && this.memory.isAnswered)) return;
      this.memory.hello(this.name);
      this.isLeft = attempt === HELLOS.length - 1;
      this.draw();
      this.hello(attempt + 1);
    }, HELLOS[attempt]);
  }

  /** Draw at once, unless drawing has just taken long. */
  draw() {
    if (this.timer || this.isClosed) return;
    this.timer = setTimeout(() => this.drawNow(), Math.max(0, this.due - performance.now()));
  }

  drawNow() {
    const { memory } = this;
    const started = performance.now();
    const { isAtTail, follow } = tail(this.answer);
    this.place.note();
    if (this.parts !== memory.parts) this.forget();
    for (const name of NAMES) this.texts[name].draw(memory.parts[name]);
    if (memory.said) this.say(memory.said, isAtTail);
    else if (this.isLeft) this.line.data = memory.words.loading;
    if (memory.isLost && !memory.said?.ended) this.line.data = memory.words.lost;
    this.buttons.draw();
    this.place.keepFocus();
    follow();
    this.place.follow = follow;
    this.timer = 0;
    this.due = 2 * performance.now() - started;
  }

  forget() {
    this.parts = this.memory.parts;
    for (const name of NAMES) this.texts[name].clear();
    this.isTouched = false;
    this.box.open = false;
  }

  /** @param {Said} said @param {boolean} isAtTail */
  say(said, isAtTail) {
    this.box.hidden = !said.summary;
    this.summary.textContent = said.summary;
    if (this.box.open && !said.open && !this.isTouched && !isAtTail && isSeen(this.box)) {
      this.isTouched = true; // it is being read
      this.tellOpen();
    }
    if (!this.isTouched) this.box.open = said.open;
    if (this.called !== said.calls) this.find("called").innerHTML = this.called = said.calls; // made safe by Python
    this.line.data = said.lines[0];
    said.lines.slice(1).forEach((line, i) => {
      const place = this.about.children[i + 1] ?? this.about.appendChild(document.createElement("div"));
      place.textContent = line;
    });
    this.aloud.say(said.aloud);
    if (said.ended && this.memory.model.get("_passing")) setTimeout(() => this.tellOfReference(), SETTLED);
  }

  /** So that the static answer leaves the reasoning as the reader has it. */
  tellOpen() {
    this.memory.send({ kind: "open", open: this.box.open });
  }

  /** The static answer does not come here: the page was loaded in mid-stream, or the cell moved. */
  tellOfReference() {
    if (this.isClosed || !this.el.isConnected || this.find("reference")) return;
    const place = this.about.appendChild(document.createElement("div"));
    place.className = "sfstream-reference";
    place.textContent = this.memory.words.reference;
  }

  close() {
    this.isClosed = true;
    document.removeEventListener("selectionchange", this.heed);
    this.place.keepFocus();
    this.place.keep();
    this.aloud.close();
    this.memory.send({ kind: "gone", view: this.name });
  }
}

/** One for each model. */
export default () => {
  /** @type {Memory} */
  let memory;
  /** @type {Set<View>} */
  const views = new Set();
  return {
    /** @param {{ model: Model }} given */
    initialize({ model }) {
      memory = new Memory(model);
      const draw = () => views.forEach((view) => view.draw());
      const begin = () => {
        views.forEach((view) => view.hello(0)); // does it reach a busy kernel?
        if (!views.size) memory.hello("", false); // it may be too late to be drawn, but it can be
      };
      memory.onLost = draw;
      model.on("change:_words", draw);
      model.on("msg:custom", (message) => {
        memory.hear(message);
        if (message.kind === "begin") begin();
        draw();
      });
    },
    /** @param {{ el: HTMLElement }} given */
    render({ el }) {
      const view = new View(el, memory);
      views.add(view);
      return () => {
        views.delete(view);
        view.close();
      };
    },
  };
};
