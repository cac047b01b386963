/** The browser's side of widget.py: one state for each model, and any number of views that are drawn from it. */

import { NAMES } from "./growth.js";
import { ReplyState, newName } from "./state.js";
import { GrowingText } from "./text.js";
import { isInView, tail } from "./scroll.js";
import { Announcer, Place } from "./swap.js";
import { Buttons } from "./buttons.js";
import { keepPlaceholder } from "./placeholder.js";

/** @typedef {import("./state.js").Model} Model @typedef {import("./state.js").Captions} Captions */

const HELLOS = [0, 100, 100, 100, 700]; // ms between attempts: the way into a busy kernel opens after a moment
const REPLACED_WITHIN = 2000; // ms within which the static answer replaces a view that has ended

class View {
  /** @param {HTMLElement} el @param {ReplyState} state */
  constructor(el, state) {
    this.el = el;
    this.state = state;
    this.name = newName();
    this.due = 0; // when it may be drawn again
    this.timer = 0;
    this.isClosed = this.isTouched = this.isUnanswered = false;
    /** @type {ReplyState["parts"] | null} */
    this.parts = null;
    this.calls = this.images = "";
    this.build();
    this.draw();
    this.hello(0);
  }

  build() {
    this.el.classList.add("sfstream-live");
    this.el.innerHTML = `<div class="jp-RenderedHTMLCommon jp-RenderedHTML">${this.state.model.get("_skeleton")}</div>`;
    this.answer = /** @type {HTMLElement} */ (this.el.querySelector(".sfstream"));
    this.box = /** @type {HTMLDetailsElement} */ (this.find("reasoning"));
    this.summary = this.find("summary");
    this.texts = { reasoning: new GrowingText(this.find("thoughts")), content: new GrowingText(this.find("text")) };
    this.buttons = new Buttons(this.state, this.find("content"));
    this.about = this.find("about");
    this.line = new Text();
    this.about.firstElementChild?.replaceChildren(this.line, " ", this.buttons.stop, this.buttons.copy);
    this.announcer = new Announcer();
    this.place = new Place(this.el);
    this.box.hidden = true;
    this.summary.dataset.lmSuppressShortcuts = "true";
    this.summary.addEventListener("click", () => (this.isTouched = true));
    this.box.addEventListener("toggle", () => this.isTouched && this.sendOpen());
  }

  /** @param {string} name */
  find(name) {
    return /** @type {HTMLElement} */ (this.el.querySelector(`.sfstream-${name}`));
  }

  /** Repeat the hello until Python has answered. @param {number} attempt */
  hello(attempt) {
    if (attempt === HELLOS.length) return;
    setTimeout(() => {
      if (this.isClosed || (attempt && this.state.isAnswered)) return;
      this.state.hello(this.name);
      this.isUnanswered = attempt === HELLOS.length - 1;
      this.draw();
      this.hello(attempt + 1);
    }, HELLOS[attempt]);
  }

  /** Draw at once, unless the last drawing took long: at most half of the time is spent on drawing. */
  draw() {
    if (this.timer || this.isClosed) return;
    this.timer = setTimeout(() => this.drawNow(), Math.max(0, this.due - performance.now()));
  }

  drawNow() {
    const { state } = this;
    const started = performance.now();
    const { isAtTail, follow } = tail(this.answer);
    this.place.note();
    if (this.parts !== state.parts) this.forget();
    if (this.images !== state.images) this.find("images").innerHTML = this.images = state.images; // escaped by Python
    for (const name of NAMES) this.texts[name].draw(state.parts[name]);
    if (state.captions) this.caption(state.captions, isAtTail);
    else if (this.isUnanswered) this.line.data = state.labels.loading;
    if (state.isLost && !state.captions?.ended) this.line.data = state.labels.lost;
    this.buttons.draw();
    this.place.keepFocus();
    follow();
    this.place.follow = follow;
    this.timer = 0;
    this.due = 2 * performance.now() - started;
  }

  forget() {
    this.parts = this.state.parts;
    for (const name of NAMES) this.texts[name].clear();
    this.isTouched = false;
    this.box.open = false;
  }

  /** @param {Captions} captions @param {boolean} isAtTail */
  caption(captions, isAtTail) {
    this.box.hidden = !captions.summary;
    this.summary.textContent = captions.summary;
    if (this.box.open && !captions.open && !this.isTouched && !isAtTail && isInView(this.box)) {
      this.isTouched = true; // it is being read, so it stays open
      this.sendOpen();
    }
    if (!this.isTouched) this.box.open = captions.open;
    if (this.calls !== captions.calls) this.find("calls").innerHTML = this.calls = captions.calls; // escaped by Python
    this.find("ending").innerHTML = captions.ending; // escaped by Python
    this.line.data = captions.lines[0];
    captions.lines.slice(1).forEach((line, i) => {
      const place = this.about.children[i + 1] ?? this.about.appendChild(document.createElement("div"));
      place.textContent = line;
    });
    this.announcer.announce(captions.announcement);
    if (captions.ended && this.state.model.get("_replaced")) setTimeout(() => this.explain(), REPLACED_WITHIN);
  }

  /** So that the static answer leaves the reasoning as the reader has it. */
  sendOpen() {
    this.state.send({ kind: "open", open: this.box.open });
  }

  /** Say that no static answer comes here, because the page was loaded in mid-stream or the cell was moved. */
  explain() {
    if (this.isClosed || !this.el.isConnected || this.find("reference")) return;
    const place = this.about.appendChild(document.createElement("div"));
    place.className = "sfstream-reference";
    place.textContent = this.state.labels.reference;
  }

  close() {
    this.isClosed = true;
    this.place.keepFocus();
    this.place.followStatic();
    this.announcer.close();
    this.el.replaceChildren(); // the closed model refers to the element, and its listeners to the answer
    this.state.send({ kind: "gone", view: this.name });
  }
}

/** anywidget calls this once for each model. */
export default () => {
  /** @type {ReplyState} */
  let state;
  /** @type {Set<View>} */
  const views = new Set();
  return {
    /** @param {{ model: Model }} props @returns {() => void} called when the model is closed */
    initialize({ model }) {
      const draw = () => views.forEach((view) => view.draw());
      const begin = () => {
        views.forEach((view) => view.hello(0)); // does it reach a busy kernel?
        if (!views.size) state.hello("", false); // the view may come later, but the page has the widget
      };
      state = new ReplyState(model, draw);
      const receive = (/** @type {any} */ message) => {
        state.receive(message);
        if (message.kind === "begin" && !state.isAgain) begin();
        draw();
      };
      model.on("change:_labels", draw);
      model.on("msg:custom", receive);
      return () => {
        // JupyterLab 4.6 keeps the model of a closed widget in memory: it must not refer to the answer any more.
        model.off("change:_labels", draw);
        model.off("msg:custom", receive);
        state.dispose();
      };
    },
    /** @param {{ el: HTMLElement }} props @returns {() => void} called when the view is removed */
    render({ el }) {
      const view = new View(el, state);
      views.add(view);
      keepPlaceholder(state.model, state.labels["lost view"]);
      return () => {
        views.delete(view);
        view.close();
        if (!views.size) keepPlaceholder(state.model, "");
      };
    },
  };
};
