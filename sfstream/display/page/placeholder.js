/**
 * What an output says in the place of a view whose kernel is gone, when its notebook is opened again.
 *
 * JupyterLab 4.6 and Notebook 7.6 prefer a widget to any other form of an output, and show an error where they cannot
 * find it in the kernel or in the notebook's metadata. So the metadata hold a widget of the same name, with one
 * sentence, as long as an output refers to the view.
 */

const WIDGETS = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";
const CLASS = "sfstream-placeholder"; // by which an entry of the metadata is known as ours

/**
 * @typedef {{ getMetadata(key: string): any, setMetadata(key: string, value: object): void,
 *   deleteMetadata(key: string): void, cells: Iterable<any> }} NotebookModel
 */

/** @param {string} text @returns {object} the state of a widget that shows the text */
const placeholder = (text) => {
  const element = document.createElement("div");
  element.className = CLASS;
  element.textContent = text;
  const kind = { model_name: "HTMLModel", model_module: "@jupyter-widgets/controls", model_module_version: "2.0.0" };
  return { ...kind, state: { value: element.outerHTML } };
};

/** @param {NotebookModel} notebook @returns {Set<string>} names of the widgets that its outputs refer to */
const referredTo = (notebook) => {
  const names = [...notebook.cells].flatMap(({ outputs }) =>
    Array.from({ length: outputs?.length ?? 0 }, (_, i) => outputs.get(i).data[VIEW]?.model_id),
  );
  return new Set(names);
};

/**
 * Write or remove the placeholder of a view.
 *
 * @param {import("./state.js").Model} model
 * @param {string} text empty to remove it
 */
export const keepPlaceholder = (model, text) => {
  const name = model.get("_replaced");
  const notebook = /** @type {NotebookModel | undefined} */ (model.widget_manager?.context?.model);
  if (!name || !notebook?.setMetadata) return; // a view of the user's own, or a front-end of another make
  const widgets = notebook.getMetadata("widgets") ?? {};
  const before = widgets[WIDGETS] ?? { version_major: 2, version_minor: 0, state: {} };
  const used = referredTo(notebook);
  const isNeeded = (/** @type {[string, any]} */ [id, { state }]) =>
    id !== name && (used.has(id) || !String(state.value).includes(CLASS));
  const others = Object.entries(before.state).filter(isNeeded);
  const state = Object.fromEntries(text ? [...others, [name, placeholder(text)]] : others);
  if (Object.keys(state).length) notebook.setMetadata("widgets", { ...widgets, [WIDGETS]: { ...before, state } });
  else if (before.state[name]) notebook.deleteMetadata("widgets");
};
