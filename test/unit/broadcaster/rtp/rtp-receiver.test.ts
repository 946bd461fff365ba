import { describe, expect, it } from 'vitest';
import { rtcpKind } from './rtp-bytes.js';
import { AUDIO, type CallOptions, type SentFrame, SimulatedCall, VIDEO } from './simulated-call.js';

const SEEDS = ['a', 'b', 'c'];

const isEqual = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  b !== undefined && Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;

/** For each frame that came out, the one that was sent; frames come out in the order in which they were sent. */
function originals(call: SimulatedCall, kind: 'video' | 'audio'): SentFrame[] {
  const found: SentFrame[] = [];
  let next = 0;
  for (const frame of call.of(kind)) {
    while (next < call.sent[kind].length && !isEqual(frame.bytes, call.sent[kind][next]?.bytes)) next += 1;
    const sent = call.sent[kind][next];
    expect(sent, 'came out and was never sent, or in another order').toBeDefined();
    if (sent !== undefined) found.push(sent);
    next += 1;
  }
  return found;
}

/** How far each frame is from its capture on the media clock, relative to the first picture, in ms. */
function offsets(call: SimulatedCall, kind: 'video' | 'audio'): number[] {
  const start = originals(call, 'video')[0]?.capturedAt ?? originals(call, 'audio')[0]?.capturedAt ?? 0;
  const sent = originals(call, kind);
  return call.of(kind).map((frame, i) => frame.timeUs / 1000 - ((sent[i]?.capturedAt ?? 0) - start));
}

const largestGap = (times: readonly number[]): number =>
  times.reduce((gap, time, i) => Math.max(gap, time - (times[i - 1] ?? time)), 0);

const run = (options: Partial<CallOptions>, ms = 10_000): SimulatedCall =>
  new SimulatedCall({ seed: 'a', ...options }).run(ms);

describe('RtpReceiver', { timeout: 30_000 }, () => {
  it('gives every frame as it was sent, from the first key frame on', () => {
    const call = run({ jitterMs: 3 });
    expect(originals(call, 'video').length).toBeGreaterThan(290);
    expect(call.sent.video.length - call.of('video').length).toBeLessThanOrEqual(2);
    expect(originals(call, 'audio').length).toBeGreaterThan(485);
    expect(call.frames[0]).toMatchObject({
      kind: 'video',
      timeUs: 0,
      isKeyframe: true,
      width: 1280,
      height: 720,
    });
    expect(call.stats.tracks[0]).toMatchObject({ lostForGood: 0, framesDropped: 0, freezeCount: 0 });
  });

  it('asks for a key frame when a group has lasted its time', () => {
    const keyframes = run({})
      .of('video')
      .filter((frame) => frame.isKeyframe);
    expect(keyframes.length).toBeGreaterThanOrEqual(8);
    const gaps = keyframes.slice(1).map((frame, i) => frame.timeUs - (keyframes[i]?.timeUs ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1_250_000);
    expect(Math.min(...gaps)).toBeGreaterThan(900_000);
  });

  for (const loss of [0.02, 0.05]) {
    it(`does not freeze at a loss of ${loss * 100} %, since lost packets are asked for again`, () => {
      for (const seed of SEEDS) {
        const call = run({ seed, loss, jitterMs: 5 });
        originals(call, 'video');
        const [video] = call.stats.tracks;
        expect(call.of('video').length).toBeGreaterThan(290);
        expect(video?.recovered).toBeGreaterThan(25);
        expect(video?.freezeMsMax).toBeLessThan(1000);
        expect(largestGap(call.of('video').map(({ at }) => at))).toBeLessThan(1000);
        expect(call.of('audio').length).toBeGreaterThan(0.995 * call.sent.audio.length - 15);
      }
    });
  }

  it('goes on with the next key frame where nothing can be asked for again', () => {
    const tracks = [{ ...VIDEO, hasNack: false }, AUDIO];
    const call = run({ tracks, loss: 0.005 }, 20_000);
    originals(call, 'video');
    const [video] = call.stats.tracks;
    expect(video?.lostForGood).toBeGreaterThan(0);
    expect(video?.freezeCount).toBeGreaterThan(0);
    expect(video?.freezeMsMax).toBeLessThan(1000);
    expect(call.of('video').length).toBeGreaterThan(400);
  });

  it('passes a loss that is never made good within a second, and drops what hangs on it', () => {
    // The tracks say that they can be asked, and the way back is closed for these packets: RTX is unknown to us.
    const { rtxPayloadType: _type, rtxSsrc: _ssrc, ...plain } = VIDEO;
    const call = new SimulatedCall({ seed: 'x', tracks: [plain, AUDIO], loss: 0.3 }).run(10_000);
    const gaps = largestGap(call.of('video').map(({ at }) => at));
    originals(call, 'video');
    expect(call.of('video').length).toBeGreaterThan(30);
    expect(gaps).toBeLessThan(4000);
  });

  it('puts overtaking packets in order', () => {
    const call = run({ overtakingMs: 10 });
    expect(originals(call, 'video').length).toBeGreaterThan(285);
    expect(call.stats.tracks[0]?.freezeCount).toBe(0);
    // Having seen it, it does not ask for what is only late.
    const asked = call.rtcp.filter(({ at, packet }) => at > 3000 && rtcpKind(packet) === 'nack');
    expect(asked.length).toBeLessThan(20);
  });

  it('learns the streams of a sender that does not announce them', () => {
    const { ssrc: _video, rtxSsrc: _rtx, ...video } = VIDEO;
    const { ssrc: _audio, ...audio } = AUDIO;
    const call = run({ tracks: [video, audio] });
    expect(call.of('video').length).toBeGreaterThan(285);
    expect(call.of('audio').length).toBeGreaterThan(480);
    expect(call.stats.tracks.map((track) => track.ssrc)).toEqual([7000, 7001]);
  });

  it('ignores and counts streams that nobody negotiated', () => {
    const call = new SimulatedCall({ seed: 'a', tracks: [VIDEO] }).run(1000);
    const stranger = new SimulatedCall({ seed: 'b', tracks: [{ ...VIDEO, ssrc: 5 }] });
    const packets: Uint8Array[] = [];
    stranger.receiver.handleRtp = (_now, bytes) => void packets.push(bytes);
    stranger.run(200);
    for (const bytes of packets) call.receiver.handleRtp(call.now, bytes);
    expect(packets.length).toBeGreaterThan(0);
    expect(call.stats.unknown).toBe(packets.length);
  });

  it('says when the size of the picture changes, with the parameter sets for it', () => {
    const size = (now: number): { width: number; height: number } =>
      now < 5000 ? { width: 640, height: 368 } : { width: 1280, height: 720 };
    const changes = run({ size }).frames.filter((frame) => frame.parameterSets !== undefined);
    expect(changes.map(({ width, isKeyframe }) => [width, isKeyframe])).toEqual([
      [640, true],
      [1280, true],
    ]);
  });

  it('aligns sound and picture within 10 ms at once, and within 2 ms when the sender has reported', () => {
    const call = run({ jitterMs: 4 }, 15_000);
    const audio = offsets(call, 'audio');
    const video = offsets(call, 'video');
    expect(Math.max(...audio.map(Math.abs))).toBeLessThan(25);
    expect(Math.max(...audio.slice(-100).map(Math.abs))).toBeLessThan(2);
    expect(Math.max(...video.map(Math.abs))).toBeLessThan(2);
  });

  it('does not let a silent track hold up the other', () => {
    const isSilent = (kind: string, now: number): boolean => kind === 'audio' && now > 3000 && now < 6000;
    const call = run({ isSilent });
    const video = call.of('video').filter(({ timeUs }) => timeUs > 500_000);
    const lateness = video.map((frame) => frame.at - frame.arrivedAt);
    expect(Math.max(...lateness)).toBeLessThanOrEqual(61);
    expect(call.of('audio').length).toBeGreaterThan(330);
  });

  it('gives the times of both tracks in nearly rising order', () => {
    const { frames } = run({ loss: 0.02, jitterMs: 5 }, 20_000);
    let newest = 0;
    let behind = 0;
    for (const { timeUs } of frames) {
      behind = Math.max(behind, newest - timeUs);
      newest = Math.max(newest, timeUs);
    }
    expect(behind).toBeLessThan(500_000);
    const rising = (kind: 'video' | 'audio'): boolean =>
      frames
        .filter((frame) => frame.kind === kind)
        .every((f, i, all) => f.timeUs > (all[i - 1]?.timeUs ?? -1));
    expect(rising('video') && rising('audio')).toBe(true);
  });

  it('puts a microphone whose clock stood still while it was muted back beside the picture', () => {
    const isSilent = (kind: string, now: number): boolean => kind === 'audio' && now > 4000 && now < 7000;
    const call = run({ isSilent, doesClockStop: true }, 15_000);
    const errors = offsets(call, 'audio').map(Math.abs);
    expect(Math.max(...errors)).toBeLessThan(25);
    expect(errors.at(-1)).toBeLessThan(3);
    expect(call.stats.tracks[1]?.rebaseCount).toBe(1);
  });

  it('does not take a stalled network for a pause', () => {
    const call = new SimulatedCall({ seed: 'a' }).run(4000);
    const held: Uint8Array[] = [];
    const { receiver } = call;
    const handle = receiver.handleRtp.bind(receiver);
    receiver.handleRtp = (_now, bytes) => void held.push(bytes);
    call.run(900);
    receiver.handleRtp = handle;
    for (const bytes of held) receiver.handleRtp(call.now, bytes);
    call.run(5000);
    expect(call.stats.tracks.map((track) => track.rebaseCount)).toEqual([0, 0]);
    expect(Math.max(...offsets(call, 'audio').map(Math.abs))).toBeLessThan(30);
  });

  it('sends feedback about every packet at least every 60 ms, and a report twice a second', () => {
    const call = run({}, 5000);
    const times = call.rtcp.filter(({ packet }) => rtcpKind(packet) === 'feedback').map(({ at }) => at);
    expect(largestGap(times)).toBeLessThanOrEqual(75);
    expect(times.length).toBeGreaterThan(60);
    const reports = call.rtcp.filter(({ packet }) => rtcpKind(packet) === 'report');
    expect(reports.length).toBeGreaterThanOrEqual(8);
  });

  it('starts the sound alone when no picture comes', () => {
    const isSilent = (kind: string): boolean => kind === 'video';
    const call = run({ isSilent }, 4000);
    expect(call.of('audio')[0]?.timeUs).toBe(0);
    expect(call.of('audio').length).toBeGreaterThan(150);
  });

  it('does not grow with what is never made whole', () => {
    const call = run({ loss: 0.6 }, 10_000);
    for (const track of call.stats.tracks) expect(track.lost).toBeGreaterThan(0);
    expect(call.receiver.nextTimeout()).toBeGreaterThan(call.now - 2);
  });
});
