/**
 * The receive path of a browser's or an encoder's RTP: what it costs a core per Mbit/s, and how long a lost packet is
 * waited for. Packets are recorded from a simulated call and played to a receiver again, without the call's own cost.
 */

import { MatroskaStream, RtpReceiver } from '../../broadcaster/src/ingest/rtp/index.js';
import { AUDIO, SimulatedCall, TRANSPORT_ID, VIDEO } from '../unit/broadcaster/rtp/simulated-call.js';
import { type Bench, percentile, round } from './bench.js';

const SECONDS = 60;
const ROUND_TRIP_MS = 50;
const BITS_PER_SECOND = 2_500_000;

/** 720p30 at 2.5 Mbit/s, 50 ms away. */
export const benchRtp: Bench = {
  about: 'receiving RTP: CPU per Mbit/s and the delay of recovered packets, by loss',
  run({ seconds = SECONDS, note }) {
    const results = [0, 0.02, 0.05].map((loss) => measure(loss, seconds));
    for (const result of results) note(JSON.stringify(result));
    return Promise.resolve(results);
  },
};

type Recorded = { readonly now: number; readonly bytes: Uint8Array };

function measure(loss: number, seconds: number): object {
  const options = { seed: 'bench', loss, jitterMs: 5, roundTripMs: ROUND_TRIP_MS };
  const call = new SimulatedCall({ ...options, videoBitsPerSecond: BITS_PER_SECOND });
  const recorded: Recorded[] = [];
  const handle = call.receiver.handleRtp.bind(call.receiver);
  call.receiver.handleRtp = (now, bytes) => {
    recorded.push({ now, bytes });
    handle(now, bytes);
  };
  call.run(seconds * 1000);
  const [video] = call.stats.tracks;
  const coreShare = replay(recorded) / (seconds * 1000);
  const mbitPerSecond = (call.bytesReceived * 8) / seconds / 1e6;
  return {
    loss,
    mbitPerSecond: round(mbitPerSecond, 2),
    corePercent: round(coreShare * 100, 2),
    corePercentPerMbit: round((coreShare * 100) / mbitPerSecond, 2),
    recoveryMs: {
      p50: round(percentile(call.recoveryMs, 0.5), 1),
      p95: round(percentile(call.recoveryMs, 0.95), 1),
    },
    recovered: video?.recovered ?? 0,
    lostForGood: video?.lostForGood ?? 0,
    freezeCount: video?.freezeCount ?? 0,
    freezeMsMax: video?.freezeMsMax ?? 0,
    framesLacking: call.sent.video.length - call.of('video').length,
  };
}

/** CPU milliseconds of the receiver, with the Matroska heads and every timeout. */
function replay(recorded: readonly Recorded[]): number {
  const receiver = new RtpReceiver({
    tracks: [VIDEO, AUDIO],
    transportCcExtensionId: TRANSPORT_ID,
    localSsrc: 1,
  });
  let stream: MatroskaStream | undefined;
  const drain = (): void => {
    for (let rtcp = receiver.pollRtcp(); rtcp !== undefined; rtcp = receiver.pollRtcp());
    for (let frame = receiver.pollFrame(); frame !== undefined; frame = receiver.pollFrame()) {
      const { parameterSets, width = 0, height = 0 } = frame;
      if (parameterSets !== undefined)
        stream ??= new MatroskaStream({ video: { parameterSets, width, height }, audio: { channels: 2 } });
      stream?.frame(frame);
    }
  };
  const before = process.cpuUsage();
  for (const { now, bytes } of recorded) {
    for (let at = receiver.nextTimeout(); at !== undefined && at <= now; at = receiver.nextTimeout()) {
      receiver.handleTimeout(at);
      drain();
    }
    receiver.handleRtp(now, bytes);
    drain();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
