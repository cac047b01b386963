// Put into the page before anything else, for every contestant the same: counts the bytes of the kernel's websocket,
// and notes when each token's mark (w0, w1, …) is on the screen. Marks come in order, so it is enough to look for the
// last one, from the end of the output backwards, once for each frame in which something changed.

(() => {
  const TAIL = 200; // characters of a piece of text in which its last mark is looked for
  const MARK = /\bw(\d+)\b/g;
  let bytes = 0;
  /** @type {number[]} milliseconds since 1970 */
  const shown = [];
  /** @type {Element} */
  let cell;

  /** @param {string | ArrayBuffer | Blob} data */
  function size(data) {
    if (typeof data === "string") return new TextEncoder().encode(data).length;
    return data instanceof Blob ? data.size : data.byteLength;
  }

  window.WebSocket = class extends WebSocket {
    /** @param {string} address @param {string | string[]} [protocols] */
    constructor(address, protocols = []) {
      super(address, protocols);
      this.isKernels = address.includes("/channels");
      if (this.isKernels) this.addEventListener("message", event => (bytes += size(event.data)));
    }
    /** @param {any} data */
    send(data) {
      if (this.isKernels) bytes += size(data);
      super.send(data);
    }
  };

  /** @param {Element} output */
  function lastMark(output) {
    const walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
    for (let node = walker.lastChild(); node; node = walker.previousNode()) {
      const marks = node.data.slice(-TAIL).match(MARK);
      if (marks) return Number(marks.at(-1).slice(1));
    }
    return -1;
  }

  const output = () => cell.querySelector(".jp-OutputArea");

  window.watch = {
    /** @param {number} index of the code cell; from now on bytes are counted and marks looked for */
    begin(index) {
      cell = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[index];
      bytes = 0;
      const painted = new MessageChannel(); // what is posted in a frame arrives when its layout and paint are done
      let isWaiting = false;
      painted.port1.onmessage = () => {
        isWaiting = false;
        const now = performance.timeOrigin + performance.now();
        for (const mark = lastMark(output()); shown.length <= mark; ) shown.push(now);
      };
      new MutationObserver(() => {
        if (isWaiting) return;
        isWaiting = true;
        requestAnimationFrame(() => painted.port2.postMessage(0));
      }).observe(output(), { childList: true, subtree: true, characterData: true });
    },
    state: () => ({
      hasEnded: /\d/.test(cell.querySelector(".jp-InputPrompt").textContent),
      shown: shown.length,
      bytes,
    }),
    shown: () => shown,
    text: () => output().innerText,
    marks: () => Array.from(output().innerText.matchAll(MARK), mark => Number(mark[1])),
    async shutDown() {
      const headers = { "X-XSRFToken": document.cookie.match(/_xsrf=([^;]*)/)?.[1] ?? "" };
      for (const session of await (await fetch("/api/sessions")).json())
        await fetch(`/api/sessions/${session.id}`, { method: "DELETE", headers });
    },
  };
})();
