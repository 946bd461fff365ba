/** The page's elements by name, found once. */

function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The studio page lacks its ${id}.`);
  return element;
}

/** Everything that the studio's code touches. */
export const elements = {
  title: find('title', HTMLElement),
  viewers: find('viewers', HTMLElement),
  frame: find('frame', HTMLElement),
  preview: find('preview', HTMLVideoElement),
  badge: find('badge', HTMLElement),
  badgeText: find('badge-text', HTMLElement),
  sourceText: find('source-text', HTMLElement),
  waiting: find('waiting', HTMLElement),
  waitingTitle: find('waiting-title', HTMLElement),
  waitingText: find('waiting-text', HTMLElement),
  meter: find('meter', HTMLElement),
  level: find('level', HTMLMeterElement),
  go: find('go', HTMLButtonElement),
  goText: find('go-text', HTMLElement),
  mute: find('mute', HTMLButtonElement),
  cameraOff: find('camera-off', HTMLButtonElement),
  shareScreen: find('share-screen', HTMLButtonElement),
  shareScreenText: find('share-screen-text', HTMLElement),
  notices: find('notices', HTMLElement),
  link: find('link', HTMLInputElement),
  copy: find('copy', HTMLButtonElement),
  watch: find('watch', HTMLAnchorElement),
  camera: find('camera', HTMLSelectElement),
  microphone: find('microphone', HTMLSelectElement),
  quality: find('quality', HTMLSelectElement),
  mirror: find('mirror', HTMLInputElement),
  corner: find('corner', HTMLFieldSetElement),
  bitrate: find('bitrate', HTMLElement),
  loss: find('loss', HTMLElement),
  size: find('size', HTMLElement),
  trip: find('trip', HTMLElement),
  uplinkText: find('uplink-text', HTMLElement),
  whip: find('whip', HTMLInputElement),
} as const;
