/** Run as a process of its own: opens a link between two ends of its own, closes it, and must then end by itself. */

import { loadPeerDial } from '../../viewer/src/app/rtc-engine.js';
import type { PeerLink } from '../../viewer/src/link/peer-link.js';

const { dial } = await loadPeerDial(process.argv[2] === 'wrtc' ? 'wrtc' : 'werift');
const links: PeerLink[] = [];
let openCount = 0;
const dialEnd = (isOfferer: boolean): PeerLink =>
  dial(
    { isOfferer, stunUrls: [] },
    {
      onOpen: () => {
        openCount += 1;
        if (openCount < 2) return;
        process.stdout.write('open\n');
        links[0]?.close(4000, 'done');
      },
      onMessage: () => undefined,
      onWritable: () => undefined,
      onSignal: (bytes) => links[isOfferer ? 1 : 0]?.receiveSignal(bytes),
      onClose: () => process.stdout.write('closed\n'),
    },
  );
links.push(dialEnd(true), dialEnd(false));
