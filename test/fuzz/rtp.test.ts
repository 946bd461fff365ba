import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpReceiver } from '../../broadcaster/src/ingest/rtp/index.js';
import { senderReportBytes } from '../unit/broadcaster/rtp/rtp-bytes.js';
import { AUDIO, SimulatedCall, TRANSPORT_ID, VIDEO } from '../unit/broadcaster/rtp/simulated-call.js';
import { checkForAWhile } from './run-for.js';

/** What a short honest call sends. */
function honestPackets(): Uint8Array[] {
  const call = new SimulatedCall({ seed: 'fuzz', loss: 0.02 });
  const packets: Uint8Array[] = [];
  const handle = call.receiver.handleRtp.bind(call.receiver);
  call.receiver.handleRtp = (now, bytes) => {
    packets.push(bytes);
    handle(now, bytes);
  };
  call.run(700);
  return packets;
}

const PACKETS = honestPackets();

const anyChange = fc.record({
  at: fc.nat(60),
  value: fc.nat(255),
  cut: fc.option(fc.nat(1200), { freq: 8 }),
});

/** An honest packet with some bytes changed, or noise. */
const anyPacket: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.nat(PACKETS.length - 1), fc.array(anyChange, { maxLength: 3 }))
      .map(([index, changes]) => {
        let bytes = Uint8Array.from(PACKETS[index] ?? []);
        for (const { at, value, cut } of changes) {
          if (at < bytes.length) bytes[at] = value;
          if (cut !== null) bytes = bytes.slice(0, cut);
        }
        return bytes;
      }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }) },
);

const anyReport = fc
  .tuple(
    fc.constantFrom(1111, 2222, 3),
    fc.nat(4_000_000_000),
    fc.nat(0xffffffff),
    fc.option(fc.nat(28), { freq: 4 }),
  )
  .map(([ssrc, seconds, timestamp, cut]) =>
    senderReportBytes({ ssrc, wallMs: seconds * 1000, timestamp }).slice(0, cut ?? 28),
  );

const anyStep = fc.record({
  waitMs: fc.oneof({ weight: 9, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.nat(5000) }),
  input: fc.oneof(
    { weight: 8, arbitrary: anyPacket.map((bytes) => ({ kind: 'rtp' as const, bytes })) },
    { weight: 1, arbitrary: anyReport.map((bytes) => ({ kind: 'rtcp' as const, bytes })) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ kind: 'rtcp' as const, bytes })),
    },
  ),
});

describe('RtpReceiver', () => {
  it('survives any packets, keeps time rising and never asks to be called at once for ever', () => {
    checkForAWhile(
      fc.property(fc.array(anyStep, { maxLength: 120 }), fc.boolean(), (steps, isLearning) => {
        const { ssrc: _video, ...video } = VIDEO;
        const tracks = isLearning ? [video, AUDIO] : [VIDEO, AUDIO];
        const receiver = new RtpReceiver({ tracks, transportCcExtensionId: TRANSPORT_ID, localSsrc: 9 });
        const last = { video: -1, audio: -1 };
        const drain = (): void => {
          for (let packet = receiver.pollRtcp(); packet !== undefined; packet = receiver.pollRtcp()) {
            expect(packet.length).toBeLessThanOrEqual(1200);
            expect(packet.length % 4).toBe(0);
          }
          for (let frame = receiver.pollFrame(); frame !== undefined; frame = receiver.pollFrame()) {
            expect(frame.timeUs).toBeGreaterThan(last[frame.kind]);
            last[frame.kind] = frame.timeUs;
          }
        };
        let now = 0;
        for (const { waitMs, input } of steps) {
          now += waitMs;
          if (input.kind === 'rtp') receiver.handleRtp(now, input.bytes);
          else receiver.handleRtcp(now, input.bytes);
          drain();
          for (let call = 0; (receiver.nextTimeout() ?? now + 1) <= now; call++) {
            expect(call).toBeLessThan(8);
            receiver.handleTimeout(now);
            drain();
          }
        }
      }),
    );
  }, 60_000);
});
