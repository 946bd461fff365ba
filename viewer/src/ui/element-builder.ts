/** Builds DOM without markup strings: text from outside can never become an element. */

const SVG = 'http://www.w3.org/2000/svg';

/** What an element starts with; `undefined` attributes are left out. */
export type Parts = {
  readonly className?: string;
  /** The name under which a page may style it: `::part(name)`. */
  readonly part?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly children?: readonly Node[];
};

/** Makes an HTML element. */
export const build = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  parts: Parts = {},
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(tag);
  if (parts.className !== undefined) element.className = parts.className;
  if (parts.part !== undefined) element.setAttribute('part', parts.part);
  if (parts.text !== undefined) element.textContent = parts.text;
  setAttributes(element, parts.attributes ?? {});
  element.append(...(parts.children ?? []));
  return element;
};

/** Makes an SVG element. */
export const buildSvg = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  children: readonly Node[] = [],
): SVGElementTagNameMap[K] => {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
};

/** Sets the text only when it changed, so that screen readers and layout are left in peace. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text;
};

/** Sets an attribute only when it changed. */
export const setAttribute = (element: Element, name: string, value: string): void => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

const setAttributes = (element: Element, attributes: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, value);
  }
};
