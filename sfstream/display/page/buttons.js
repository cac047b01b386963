import { toClipboard } from "./clipboard.js";

/** @typedef {import("./state.js").ReplyState} ReplyState */

const INTERRUPT_AFTER = 300; // ms without an acknowledgement, after which Stop interrupts the kernel
const FEEDBACK_TIME = 1500; // ms that "Copied" is shown

/** @param {string} name */
function button(name) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `sfstream-button ${name}`;
  made.dataset.lmSuppressShortcuts = "true"; // otherwise JupyterLab takes Enter and edits the cell
  made.addEventListener("mousedown", (event) => event.preventDefault()); // leave the focus in the cell
  return made;
}

/** @param {HTMLButtonElement} button @param {string} text @param {string} label */
function name(button, text, label) {
  if (button.textContent === text) return;
  button.textContent = text;
  button.setAttribute("aria-label", label);
}

export class Buttons {
  /** @param {ReplyState} state @param {HTMLElement} content */
  constructor(state, content) {
    this.state = state;
    this.content = content;
    this.stop = button("sfstream-stop");
    this.copy = button("sfstream-copy");
    this.code = button("sfstream-code");
    this.feedback = 0; // timer
    this.stopped = 0; // number of the run that is being stopped
    // The line moves while it streams, so pressing counts and not releasing over the button.
    this.stop.addEventListener("pointerdown", (event) => event.button === 0 && this.pressStop());
    this.stop.addEventListener("click", () => this.pressStop());
    this.copy.addEventListener("click", () => this.pressCopy());
    this.code.addEventListener("click", () => this.pressCode());
    content.addEventListener("pointerover", (event) => this.offerCode(event));
    content.addEventListener("focusin", (event) => this.offerCode(event));
    content.addEventListener("pointerleave", () => this.code.matches(":focus") || this.code.remove());
    content.addEventListener("focusout", ({ relatedTarget }) => {
      if (!content.contains(/** @type {Node | null} */ (relatedTarget))) this.code.remove();
    });
  }

  draw() {
    const { captions, run, isAnswered, labels } = this.state;
    const isStopping = this.stopped === run;
    const isStop = captions && !captions.ended && !this.state.isLost && (isAnswered || this.canInterrupt());
    this.copy.hidden = !this.content.textContent;
    if (!isStop && this.stop.matches(":focus")) this.copy.focus({ preventScroll: true });
    this.stop.hidden = !isStop;
    this.stop.setAttribute("aria-disabled", String(isStopping)); // a disabled button would lose the focus
    name(this.stop, isStopping ? labels.stopping : labels.stop, labels["stop the answer"]);
    for (const block of this.content.querySelectorAll("pre:not([tabindex])")) block.setAttribute("tabindex", "0");
    if (!this.feedback) {
      name(this.copy, labels.copy, labels["copy the answer"]);
      name(this.code, labels.copy, labels["copy the code"]);
    }
  }

  pressStop() {
    const { run } = this.state;
    if (this.stopped === run) return;
    this.stopped = run;
    this.state.send({ kind: "stop", run });
    setTimeout(() => this.interrupt(run), INTERRUPT_AFTER);
    this.draw();
  }

  /** Interrupt the kernel if the stop message has not reached it. @param {number} run */
  interrupt(run) {
    const { state } = this;
    const isOver = state.acknowledged === run || state.run !== run || state.captions?.ended;
    if (!isOver && this.canInterrupt()) state.kernel.interrupt();
  }

  /** @returns {boolean} whether an interrupt would stop this run: the kernel is busy with it, and the page can interrupt. */
  canInterrupt() {
    const { isLost, isForeground, kernel } = this.state;
    return !isLost && isForeground && typeof kernel?.interrupt === "function";
  }

  async pressCopy() {
    const source = await this.state.source().catch(() => null);
    const isCopied = await toClipboard(source ?? this.visibleText());
    this.showFeedback(this.copy, !isCopied ? "not copied" : source === null ? "copied as text" : "copied");
  }

  /** The text as it is displayed, for when the kernel that holds the Markdown is gone. */
  visibleText() {
    this.content.classList.add("sfstream-copied"); // otherwise each block of code would begin on a new line
    const text = this.content.innerText;
    this.content.classList.remove("sfstream-copied");
    return text;
  }

  async pressCode() {
    const code = this.code.previousElementSibling?.textContent ?? "";
    this.showFeedback(this.code, (await toClipboard(code.replace(/\n$/, ""))) ? "copied" : "not copied");
  }

  /** @param {HTMLButtonElement} pressed @param {string} label key of the label */
  showFeedback(pressed, label) {
    clearTimeout(this.feedback);
    name(pressed, this.state.labels[label], this.state.labels[label]);
    this.feedback = setTimeout(() => {
      this.feedback = 0;
      this.draw();
    }, FEEDBACK_TIME);
  }

  /** Place the copy button at the code block under the pointer or with the focus. @param {Event} event */
  offerCode(event) {
    const block = /** @type {Element} */ (event.target).closest("pre");
    if (!block || block.nextElementSibling === this.code) return;
    block.after(this.code);
    this.code.style.top = `${block.offsetTop}px`;
  }
}
