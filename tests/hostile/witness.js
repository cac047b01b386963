/** Runs before anything else in every page: it notes what is ever shown in an output, and can click all of it. */
(() => {
  const OUTPUT = ":is(.jp-RenderedHTMLCommon, .sfstream-recording)";
  const LINK = "a[href^='http:' i], a[href^='https:' i], a[href^='mailto:' i]";
  const THEIRS = ".jp-InternalAnchorLink, .anchor-link"; // of headings, to themselves
  const seen = new Map();
  const commands = [];
  let last = performance.now();

  const note = (element) => {
    const attributes = [...element.attributes].map(({ name, value }) => [name.toLowerCase(), value.slice(0, 300)]);
    const isTypeset = element.closest("mjx-container, .MathJax, .MathJax_CHTML") !== null;
    const shown = { tag: element.localName.toLowerCase(), attributes: Object.fromEntries(attributes), isTypeset };
    seen.set(JSON.stringify(shown), shown);
  };
  const noteAll = (node) => {
    if (!(node instanceof Element)) return;
    if (node.parentElement?.closest(OUTPUT)) [node, ...node.querySelectorAll("*")].forEach(note);
    else node.querySelectorAll(`${OUTPUT} *`).forEach(note);
  };
  const observer = new MutationObserver((records) => {
    last = performance.now();
    for (const record of records) {
      if (record.type === "attributes") {
        if (record.target.parentElement?.closest(OUTPUT)) note(record.target);
      } else record.addedNodes.forEach(noteAll);
    }
  });
  observer.observe(document, { childList: true, attributes: true, subtree: true });

  // What a link to the web opens is known; after all other listeners have had the click, it is not opened.
  addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest(LINK)) event.preventDefault();
  });

  const touch = (element) => {
    const about = { bubbles: true, cancelable: true, composed: true, view: window };
    for (const kind of ["pointerover", "mouseover", "pointerenter", "mouseenter", "pointerdown", "mousedown"]) {
      element.dispatchEvent(new PointerEvent(kind, about));
    }
    for (const kind of ["focus", "keydown", "pointerup", "mouseup", "click"]) {
      element.dispatchEvent(new MouseEvent(kind, about));
    }
  };

  window.witness = {
    elements: () => [...seen.values()],
    commands: () => commands,
    isQuiet: () => performance.now() - last > 700,
    touchAll: () => document.querySelectorAll(`${OUTPUT} :not(${THEIRS})`).forEach(touch),
    /** Hear every command that the application runs, and give it one that answers may try to run. */
    listen: (app) => {
      app.commands.addCommand("hostile:run", { execute: () => undefined });
      app.commands.commandExecuted.connect((_, { id, args }) => commands.push([id, JSON.stringify(args)]));
    },
  };
})();
