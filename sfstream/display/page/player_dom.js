/**
 * @param {string} tag @param {string} className
 * @param {...(string | Node)} inner texts and elements
 * @returns {HTMLElement}
 */
export function element(tag, className, ...inner) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inner);
  return made;
}

/**
 * @param {string} className @param {string | Node} inner @param {string} label for screen readers, and shown on hovering
 * @param {() => void} onClick
 * @returns {HTMLButtonElement}
 */
export function control(className, inner, label, onClick) {
  const made = /** @type {HTMLButtonElement} */ (element("button", `sfstream-button ${className}`, inner));
  made.type = "button";
  made.title = label;
  if (made.textContent !== label) made.setAttribute("aria-label", label);
  made.addEventListener("click", onClick);
  return made;
}

/** @param {string} name @param {Record<string, string | number>} attributes @param {...(string | Node)} inner */
export function svg(name, attributes, ...inner) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...inner);
  return made;
}

/** @param {string} path in a square of 16 units */
export const icon = (path) =>
  svg("svg", { viewBox: "0 0 16 16", class: "sfstream-icon", "aria-hidden": "true" }, svg("path", { d: path }));
