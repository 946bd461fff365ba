/** A station in a page: `window.follow(order)`; signals go out by `window.tellSignal`. */

import { createBrowserPeerDial } from '../../viewer/src/link/rtc-browser.js';
import { Station } from './peer-link-station.js';

declare global {
  interface Window {
    tellSignal(signal: string): void;
    follow: Station['follow'];
  }
}

const dial = createBrowserPeerDial();
if (dial === undefined) throw new Error('this browser has no WebRTC');
const station = new Station(dial, (signal) => window.tellSignal(signal));
window.follow = (order) => station.follow(order);
