/** Elements with their attributes, in one line. */

type Attributes = Readonly<Record<string, string | number | boolean | (() => void)>>;

/** Functions become listeners (`onclick`), `true` an empty attribute, `false` none. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** A button with an icon; its name is read out and shown as a tooltip. */
export function iconButton(icon: string, name: string, run: () => void, key = ""): HTMLButtonElement {
  const title = key ? `${name} (${key})` : name;
  const glyph = make("span", { class: "icon", "aria-hidden": "true" }, icon);
  return make("button", { type: "button", title, "aria-label": name, onclick: run }, glyph);
}
