import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES_MAX, ReplayInput } from '../../../broadcaster/src/ingest/replay-input.js';
import { flv, flvHeader, videoConfigTag, videoTag } from './flv-bytes.js';

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ReplayInput', () => {
  it('gives the beginning to every look and all of it to the replay, in order', async () => {
    const source = new PassThrough();
    const input = new ReplayInput(source);
    source.write('one ');
    await input.begun;
    const early = input.openProbe();
    source.write('two ');
    await settle();
    const late = input.openProbe();
    const replay = input.replay();
    source.end('three');
    expect(await textOf(early)).toBe('one two ');
    expect(await textOf(late)).toBe('one two ');
    expect(await textOf(replay)).toBe('one two three');
  });

  it('replays a stream that was over before the look', async () => {
    const input = new ReplayInput(Readable.from([Buffer.from('short')]));
    await input.begun;
    await settle();
    expect(await textOf(input.openProbe())).toBe('short');
    expect(await textOf(input.replay())).toBe('short');
    expect(input.isEmpty).toBe(false);
  });

  it('knows a stream with nothing in it', async () => {
    const source = new PassThrough();
    const input = new ReplayInput(source);
    source.end();
    await input.begun;
    expect(input.isEmpty).toBe(true);
  });

  it('holds its limit of the beginning, ends the look there, and loses nothing', async () => {
    const block = Buffer.alloc(1024 * 1024, 7);
    let produced = 0;
    const source = new Readable({
      read() {
        produced += 1;
        this.push(produced <= 20 ? block : null);
      },
    });
    const input = new ReplayInput(source);
    const looked = await textOf(input.openProbe());
    expect(looked.length).toBe(HEAD_BYTES_MAX);
    expect(produced).toBeLessThan(20);
    expect((await textOf(input.replay())).length).toBe(20 * block.length);
  });

  it('lets another reader join at the last keyframe, and go on from there, when the first one dies', async () => {
    const source = new PassThrough();
    const input = new ReplayInput(source);
    const key = (ms: number): Uint8Array => videoTag({ ms, isKeyframe: true });
    const intro = flv(flvHeader({ hasAudio: false }), videoConfigTag());
    source.write(flv(intro, key(0), key(40)));
    await input.begun;
    const first = input.replay();
    source.write(key(80));
    await settle();
    expect(input.canRejoin).toBe(true);
    const second = input.rejoin();
    expect(first.destroyed).toBe(true);
    source.end(key(120));
    const parts: Buffer[] = [];
    for await (const part of second ?? []) parts.push(part);
    expect(Buffer.concat(parts)).toEqual(Buffer.from(flv(intro, key(80), key(120))));
    expect(input.rejoin()).toBeUndefined();
  });

  it('has nothing for another reader of a container that cannot be joined', async () => {
    const source = new PassThrough();
    const input = new ReplayInput(source);
    source.write(Buffer.alloc(1_000, 0x1a));
    await input.begun;
    input.replay();
    expect(input.canRejoin).toBe(false);
    expect(input.rejoin()).toBeUndefined();
  });
});
