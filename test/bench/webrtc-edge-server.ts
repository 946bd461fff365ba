/**
 * A relay's end of data channels as a process of its own; talks as `fanout-links` does.
 *
 *     tsx test/bench/webrtc-edge-server.ts '{"messageBytes":[16384]}' edge|werift|wrtc
 *
 * `edge` says where it is dialled; the other two are whole WebRTC engines, which take `offer SDP-AS-JSON` and give the
 * answer.
 */

import { startEdge } from '../../relay-node/src/edge/edge.js';
import { createWeriftConnection } from '../../viewer/src/app/rtc-werift.js';
import { loadWrtc } from '../../viewer/src/app/rtc-wrtc.js';
import type { DataChannelLike, PeerConnectionLike } from '../../viewer/src/link/rtc-connection.js';
import { onLines, say } from './child-lines.js';
import { parsePublishPlan, runPublishPlan } from './publish-plan.js';

const TOPIC = 't';

type Served = {
  readonly url: string;
  readonly answer: (sdp: string) => Promise<string>;
  readonly publish: (bytes: Uint8Array) => void;
};

const serveEdge = async (): Promise<Served> => {
  const edge = await startEdge<undefined>({
    port: 0,
    host: '127.0.0.1',
    acceptLink: () => true,
    handlers: {
      onOpen: (link) => link.attach(TOPIC),
      onMessage: () => undefined,
      onWritable: () => undefined,
      onOverflow: () => undefined,
      onClose: (_link, code, reason) => process.stderr.write(`a link is gone: ${code} ${reason}\n`),
    },
  });
  return {
    url: `${edge.addressAt('127.0.0.1')}/bench`,
    answer: async () => '',
    publish: (bytes) => {
      // No message of the protocol begins with a 0, which the edge keeps for its notes.
      bytes[0] = 1;
      edge.publish(TOPIC, bytes);
    },
  };
};

/** Bytes in a channel above which a message is dropped: what werift's queue takes without slowing down. */
const BUFFERED_BYTES_MAX = 256 * 1024;

const serveWhole = async (engine: 'werift' | 'wrtc'): Promise<Served> => {
  const create = engine === 'wrtc' ? await loadWrtc() : await createWeriftConnection();
  const connections: PeerConnectionLike[] = [];
  const channels: DataChannelLike[] = [];
  return {
    url: '',
    answer: async (sdp) => {
      const connection = create([]);
      connections.push(connection);
      channels.push(connection.createDataChannel('relay', { negotiated: true, id: 0, ordered: true }));
      const candidates: string[] = [];
      const gathered = new Promise<void>((resolve) => {
        connection.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate) candidates.push(candidate.candidate);
          else resolve();
        });
      });
      await connection.setRemoteDescription({ type: 'offer', sdp });
      const answer = await connection.createAnswer();
      await connection.setLocalDescription({ type: 'answer', sdp: answer.sdp ?? '' });
      await Promise.race([gathered, new Promise((resolve) => setTimeout(resolve, 2_000))]);
      return JSON.stringify({ sdp: answer.sdp ?? '', candidates });
    },
    publish: (bytes) => {
      for (const channel of channels) {
        if (channel.readyState === 'open' && channel.bufferedAmount < BUFFERED_BYTES_MAX) {
          channel.send(new Uint8Array(bytes));
        }
      }
    },
  };
};

const plan = parsePublishPlan(process.argv[2] ?? '');
const engine = process.argv[3];
const served = engine === 'werift' || engine === 'wrtc' ? await serveWhole(engine) : await serveEdge();
say({ event: 'listening', url: served.url });

onLines(async (line) => {
  const offer = /^offer (.*)$/.exec(line)?.[1];
  if (offer !== undefined) {
    const sdp: unknown = JSON.parse(offer);
    say({ event: 'answer', answer: await served.answer(String(sdp)) });
  } else if (line === 'publish') void runPublishPlan(plan, served.publish);
  else if (line === 'exit') process.exit(0);
});
