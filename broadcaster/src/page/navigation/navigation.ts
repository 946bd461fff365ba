/** The strip at the top of every page of the control room: which pages there are, and which this is. */

import { build } from '../dom/build.js';

const PAGES: readonly (readonly [path: string, name: string])[] = [
  ['/dashboard', 'Dashboard'],
  ['/show', 'Show'],
  ['/studio', 'Studio'],
  ['/keys', 'Keys'],
];

/** Puts the strip in front of the page. Without an answer of the control room there is none. */
export async function showNavigation(): Promise<void> {
  const there = await pagesThere();
  const links = PAGES.filter(([path]) => there.includes(path)).map(([path, name]) =>
    build('a', {
      text: name,
      attributes: { href: path, 'aria-current': path === location.pathname ? 'page' : undefined },
    }),
  );
  if (links.length < 2) return;
  document.body.prepend(
    build('nav', { className: 'pages', attributes: { 'aria-label': 'Control room' }, children: links }),
  );
}

async function pagesThere(): Promise<readonly unknown[]> {
  try {
    const answer: unknown = await (await fetch('/api/pages')).json();
    return Array.isArray(answer) ? answer : [];
  } catch {
    return [];
  }
}
