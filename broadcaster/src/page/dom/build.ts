/** Builds DOM without markup strings: text from outside can never become an element. */

/** What an element starts with; `undefined` attributes are left out. */
export type Parts = {
  readonly className?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly children?: readonly (Node | string)[];
};

/** Makes an element. */
export function build<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  parts: Parts = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (parts.className !== undefined) element.className = parts.className;
  if (parts.text !== undefined) element.textContent = parts.text;
  for (const [name, value] of Object.entries(parts.attributes ?? {})) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...(parts.children ?? []));
  return element;
}
