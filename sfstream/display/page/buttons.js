/** @typedef {import("./memory.js").Memory} Memory */

const UNHEARD = 300; // ms without an answer, after which Stop takes the interrupt
const THANKS = 1500; // ms that "Copied" stays

/** @param {string} name */
function button(name) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `sfstream-button ${name}`;
  made.dataset.lmSuppressShortcuts = "true"; // or Enter would start to edit the cell
  made.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays with the cell
  return made;
}

/** @param {HTMLButtonElement} button @param {string} text @param {string} label */
function name(button, text, label) {
  if (button.textContent === text) return;
  button.textContent = text;
  button.setAttribute("aria-label", label);
}

export class Buttons {
  /** @param {Memory} memory @param {HTMLElement} content */
  constructor(memory, content) {
    this.memory = memory;
    this.content = content;
    this.stop = button("sfstream-stop");
    this.copy = button("sfstream-copy");
    this.code = button("sfstream-code");
    this.thanked = 0; // the timer of the thanks
    this.stopped = 0; // the run that is being stopped
    // The line moves while it streams: a press counts, wherever the pointer goes up.
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
    const { said, run, isAnswered, words } = this.memory;
    const isStopping = this.stopped === run;
    const isStop = said && !said.ended && !this.memory.isLost && (isAnswered || this.canInterrupt());
    this.copy.hidden = !this.content.textContent;
    if (!isStop && this.stop.matches(":focus")) this.copy.focus({ preventScroll: true });
    this.stop.hidden = !isStop;
    this.stop.setAttribute("aria-disabled", String(isStopping)); // not disabled, which would lose the focus
    name(this.stop, isStopping ? words.stopping : words.stop, words["stop the answer"]);
    for (const block of this.content.querySelectorAll("pre:not([tabindex])")) block.setAttribute("tabindex", "0");
    if (!this.thanked) {
      name(this.copy, words.copy, words["copy the answer"]);
      name(this.code, words.copy, words["copy the code"]);
    }
  }

  pressStop() {
    const { run } = this.memory;
    if (this.stopped === run) return;
    this.stopped = run;
    this.memory.send({ kind: "stop", run });
    setTimeout(() => this.interrupt(run), UNHEARD);
    this.draw();
  }

  /** Where the message does not get through to a busy kernel. @param {number} run */
  interrupt(run) {
    const { memory } = this;
    const isOver = memory.acknowledged === run || memory.run !== run || memory.said?.ended;
    if (!isOver && this.canInterrupt()) memory.model.widget_manager.kernel.interrupt();
  }

  /** Whether an interrupt would stop this run: it is what the kernel is busy with, and the page has the kernel. */
  canInterrupt() {
    return !this.memory.isLost && this.memory.isForeground && typeof this.memory.model.widget_manager?.kernel?.interrupt === "function";
  }

  async pressCopy() {
    const source = await this.memory.source().catch(() => null);
    const isCopied = await toClipboard(source ?? this.seen());
    this.thank(this.copy, !isCopied ? "not copied" : source === null ? "copied as text" : "copied");
  }

  /** The text as it is seen, where the kernel that has its Markdown is gone. */
  seen() {
    this.content.classList.add("sfstream-copied"); // else each block of code would begin with a line more
    const text = this.content.innerText;
    this.content.classList.remove("sfstream-copied");
    return text;
  }

  async pressCode() {
    const code = this.code.previousElementSibling?.textContent ?? "";
    this.thank(this.code, (await toClipboard(code.replace(/\n$/, ""))) ? "copied" : "not copied");
  }

  /** @param {HTMLButtonElement} pressed @param {string} word */
  thank(pressed, word) {
    clearTimeout(this.thanked);
    name(pressed, this.memory.words[word], this.memory.words[word]);
    this.thanked = setTimeout(() => {
      this.thanked = 0;
      this.draw();
    }, THANKS);
  }

  /** Put the button for code after the block that the pointer or the focus is on. @param {Event} event */
  offerCode(event) {
    const block = /** @type {Element} */ (event.target).closest("pre");
    if (!block || block.nextElementSibling === this.code) return;
    block.after(this.code);
    this.code.style.top = `${block.offsetTop}px`;
  }
}

/** @returns {Promise<boolean>} whether it is there now @param {string} text */
async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text); // the page is not on https, nor on this machine
  }
}

/** @param {string} text */
function copiedByHand(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
