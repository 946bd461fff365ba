/** A station in a Node process: orders come and reports go by IPC; the engine is the first argument. */

import { loadPeerDial } from '../../viewer/src/app/rtc-engine.js';
import { Station, type StationOrder } from './peer-link-station.js';

const { dial } = await loadPeerDial(process.argv[2] === 'wrtc' ? 'wrtc' : 'werift');
const station = new Station(dial, (signal) => process.send?.({ signal }));
process.on('message', ({ id, order }: { id: number; order: StationOrder }) => {
  process.send?.({ id, report: station.follow(order) });
});
process.once('disconnect', () => process.exit(0));
process.send?.({ isReady: true });
