/**
 * Data-channel clients in one process that only count what comes, by libwebrtc where it is installed.
 *
 *     tsx test/bench/webrtc-edge-crowd.ts URL
 *
 * `open` opens one more: by dialling the URL, or, when that is empty, by an offer that is to be answered with
 * `answer JSON`. `report` and `reset` are about bytes.
 */

import { createWeriftConnection } from '../../viewer/src/app/rtc-werift.js';
import { loadWrtc } from '../../viewer/src/app/rtc-wrtc.js';
import type { CreateConnection, PeerConnectionLike } from '../../viewer/src/link/rtc-connection.js';
import { createEdgeDial } from '../../viewer/src/link/rtc-relay-link.js';
import { onLines, say } from './child-lines.js';

const url = process.argv[2] ?? '';
let create: CreateConnection;
let engine = 'wrtc';
try {
  create = await loadWrtc();
} catch {
  engine = 'werift';
  create = await createWeriftConnection();
}
const dial = createEdgeDial(create);
let bytesTotal = 0;
let openCount = 0;
let waiting: PeerConnectionLike | undefined;
const connections: object[] = [];

const openByDial = (): void => {
  const link = dial(url, {
    onOpen: () => {
      openCount += 1;
      say({ event: 'opened', openCount });
    },
    onMessage: (bytes) => {
      bytesTotal += bytes.length;
    },
    onClose: (code, reason) => process.stderr.write(`a client is gone: ${code} ${reason}\n`),
  });
  connections.push(link);
};

const openByOffer = async (): Promise<void> => {
  const connection = create([]);
  waiting = connection;
  connections.push(connection);
  const channel = connection.createDataChannel('relay', { negotiated: true, id: 0, ordered: true });
  channel.binaryType = 'arraybuffer';
  channel.addEventListener('open', () => {
    openCount += 1;
    say({ event: 'opened', openCount });
  });
  channel.addEventListener('message', ({ data }) => {
    bytesTotal +=
      data instanceof ArrayBuffer ? data.byteLength : data instanceof Uint8Array ? data.length : 0;
  });
  const { sdp = '' } = await connection.createOffer();
  await connection.setLocalDescription({ type: 'offer', sdp });
  say({ event: 'offer', sdp });
};

const takeAnswer = async (json: string): Promise<void> => {
  const given: { sdp: string; candidates: string[] } = JSON.parse(json);
  await waiting?.setRemoteDescription({ type: 'answer', sdp: given.sdp });
  for (const candidate of given.candidates) {
    await waiting?.addIceCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0 }).catch(() => undefined);
  }
};

say({ event: 'ready', engine });
onLines(async (line) => {
  const answer = /^answer (.*)$/.exec(line)?.[1];
  if (answer !== undefined) await takeAnswer(answer);
  else if (line === 'open') await (url === '' ? openByOffer() : openByDial());
  else if (line === 'reset') {
    bytesTotal = 0;
    say({ event: 'reset' });
  } else if (line === 'report') say({ event: 'report', bytesTotal, openCount });
  else if (line === 'exit') process.exit(0);
});
