/** The icons, drawn as strokes on a 24 by 24 grid, and the mark of Freshet. */

import { buildSvg } from './element-builder.js';

const PATHS = {
  play: 'M7.5 5.1v13.8a.7.7 0 0 0 1.07.6l10.9-6.9a.7.7 0 0 0 0-1.2L8.57 4.5a.7.7 0 0 0-1.07.6Z',
  pause: 'M8.5 5v14M15.5 5v14',
  volumeHigh: 'M3.5 9.5v5h3.2l4.8 4.1V5.4L6.7 9.5H3.5ZM15 9.2a4 4 0 0 1 0 5.6M17.7 6.5a7.8 7.8 0 0 1 0 11',
  volumeLow: 'M3.5 9.5v5h3.2l4.8 4.1V5.4L6.7 9.5H3.5ZM15 9.2a4 4 0 0 1 0 5.6',
  volumeOff: 'M3.5 9.5v5h3.2l4.8 4.1V5.4L6.7 9.5H3.5ZM15.5 9.5l5 5M20.5 9.5l-5 5',
  enterFullScreen: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15',
  exitFullScreen: 'M9 4.5V9H4.5M19.5 9H15V4.5M15 19.5V15h4.5M4.5 15H9v4.5',
  pictureInPicture:
    'M3.5 11V6.5A1.5 1.5 0 0 1 5 5h14a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 19 19h-4M3.5 14.5h8V19h-8z',
  stats: 'M3.5 12h3.2l2.3-6.5 4.6 13 2.5-6.5h4.4',
  keys: 'M4.5 6.5h15A1.5 1.5 0 0 1 21 8v8a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16V8a1.5 1.5 0 0 1 1.5-1.5ZM7 10.2v.1M10.3 10.2v.1M13.7 10.2v.1M17 10.2v.1M8.5 14h7',
  helping:
    'M8.4 12a2.7 2.7 0 1 1-5.4 0a2.7 2.7 0 1 1 5.4 0M21 6a2.7 2.7 0 1 1-5.4 0a2.7 2.7 0 1 1 5.4 0M21 18a2.7 2.7 0 1 1-5.4 0a2.7 2.7 0 1 1 5.4 0M8.1 10.8l7.8-3.6M8.1 13.2l7.8 3.6',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
} as const;

/** Names of the icons. */
export type IconName = keyof typeof PATHS;

/** An icon as an SVG element, hidden from screen readers: the control around it has the label. */
export const icon = (name: IconName): SVGSVGElement => {
  const path = buildSvg('path', { d: PATHS[name] });
  return buildSvg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true', class: `icon icon-${name}` }, [path]);
};

/** Shows another icon in the same element. */
export const setIcon = (svg: SVGSVGElement, name: IconName): void => {
  const path = svg.firstElementChild;
  if (path === null || path.getAttribute('d') === PATHS[name]) return;
  path.setAttribute('d', PATHS[name]);
  svg.setAttribute('class', `icon icon-${name}`);
};

/** The mark: a stream that suddenly rises; the surge runs along its lines. */
export const MARK_PATHS: readonly string[] = [
  'M3 16.5c5.5 0 5.6-11.5 13-11.5s7.5 11.5 13 11.5',
  'M3 21.5c5.5 0 6.5-7 13-7s7.5 7 13 7',
  'M3 26.5c5.5 0 7-3 13-3s7.5 3 13 3',
];

/** The mark as an SVG element; `bed` lies still, `water` may flow over it. */
export const mark = (): SVGSVGElement =>
  buildSvg(
    'svg',
    { viewBox: '0 0 32 32', 'aria-hidden': 'true', class: 'mark' },
    MARK_PATHS.flatMap((d) => [
      buildSvg('path', { d, class: 'bed' }),
      buildSvg('path', { d, class: 'water', pathLength: '100' }),
    ]),
  );
