import { beforeEach, describe, expect, it } from 'vitest';
import { type MediaFrame, RtpReceiver } from '../../../../broadcaster/src/ingest/rtp/index.js';
import { packetise, ppsUnit, sliceUnit, spsUnit } from './h264-units.js';
import { rtcpKind, rtpBytes } from './rtp-bytes.js';
import { VIDEO } from './simulated-call.js';

const FRAME_MS = 33;
const LOST_AT = 10 * FRAME_MS;

describe('RtpReceiver, when a packet is never sent again', () => {
  let receiver = new RtpReceiver({ tracks: [VIDEO], localSsrc: 1, groupMs: 60_000 });
  let sequence = 0;
  const sent: { readonly at: number; readonly kind: string }[] = [];
  const frames: MediaFrame[] = [];

  const drain = (now: number): void => {
    for (let packet = receiver.pollRtcp(); packet !== undefined; packet = receiver.pollRtcp())
      sent.push({ at: now, kind: rtcpKind(packet) });
    for (let frame = receiver.pollFrame(); frame !== undefined; frame = receiver.pollFrame())
      frames.push(frame);
  };

  const sendPicture = (now: number, options: { isKeyframe: boolean; isLost?: boolean }): void => {
    const slice = sliceUnit(now, { isKeyframe: options.isKeyframe, size: 2000 });
    const payloads = packetise(options.isKeyframe ? [spsUnit(640, 368), ppsUnit(), slice] : [slice]);
    payloads.forEach((payload, i) => {
      const hasMarker = i === payloads.length - 1;
      const fields = { payloadType: 102, ssrc: 1111, timestamp: now * 90, hasMarker, payload };
      const bytes = rtpBytes({ ...fields, sequence: sequence++ });
      if (i > 0 || options.isLost !== true) receiver.handleRtp(now, bytes);
      drain(now);
    });
  };

  /** Pictures from 0 to `end`; one loses its beginning, and a key frame comes at `keyframeAt`. */
  const play = (end: number, keyframeAt?: number): void => {
    for (let now = 0; now < end; now++) {
      if ((receiver.nextTimeout() ?? now + 1) <= now) receiver.handleTimeout(now);
      drain(now);
      if (now % FRAME_MS === 0)
        sendPicture(now, { isKeyframe: now === 0 || now === keyframeAt, isLost: now === LOST_AT });
    }
  };

  const times = (kind: string): number[] => sent.filter((each) => each.kind === kind).map(({ at }) => at);

  beforeEach(() => {
    receiver = new RtpReceiver({ tracks: [VIDEO], localSsrc: 1, groupMs: 60_000 });
    sequence = 0;
    sent.length = 0;
    frames.length = 0;
  });

  it('asks for the packet at once, and for a key frame after half of the wait', () => {
    play(1500);
    expect(times('nack')[0]).toBe(LOST_AT);
    const [first = 0, second = 0] = times('pli');
    expect(first - LOST_AT).toBeGreaterThan(150);
    expect(first - LOST_AT).toBeLessThanOrEqual(320);
    expect(second - first).toBeGreaterThanOrEqual(300);
    expect(frames).toHaveLength(10);
    expect(times('nack').length).toBeLessThanOrEqual(10);
  });

  it('goes on with a key frame as soon as it is there, before the wait is over', () => {
    const keyframeAt = 20 * FRAME_MS;
    play(keyframeAt + 2, keyframeAt);
    expect(frames).toHaveLength(11);
    expect(frames.at(-1)?.timeUs).toBe(keyframeAt * 1000);
    expect(receiver.stats().tracks[0]).toMatchObject({ lostForGood: 1, freezeCount: 1 });
    expect(receiver.stats().tracks[0]?.freezeMsMax).toBe(keyframeAt - 9 * FRAME_MS);
  });
});
