import { CloseCode } from '@freshet/proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../browser.js';
import { describeIfReal } from '../require-real.js';
import { markedMessage } from './edge-guest.js';
import {
  type EdgeRig,
  type Guest,
  LOOPBACK_FLAG,
  openPageGuest,
  openWeriftGuest,
  startEdgeRig,
  TOPIC,
  until,
} from './edge-rig.js';

/** What every engine must be able to do with an edge. */
function describeGuests(openGuest: (url: string) => Promise<Guest>): void {
  let rig: EdgeRig;
  beforeAll(async () => {
    rig = await startEdgeRig();
  });
  afterAll(() => rig?.edge.close());

  const openOne = async (url = rig.url): Promise<{ guest: Guest; index: number }> => {
    const index = rig.opened.length;
    const guest = await openGuest(url);
    await until('the relay has a link', () => rig.opened.length > index);
    return { guest, index };
  };

  it('opens, and the relay learns the path', async () => {
    const { guest, index } = await openOne();
    await until('open at both ends', async () => (await guest.report()).openCount === 1);
    expect(rig.opened[index]?.request).toMatchObject({
      path: '/channel/test',
      query: 'view=1',
      remoteAddress: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
    });
    await guest.close(CloseCode.goingAway, 'done');
    await until('the end is told', () => rig.closed.some(({ reason }) => reason === 'done'));
  });

  it('carries messages of all sizes there and back, in order', async () => {
    const { guest } = await openOne();
    const sizes = [2, 100, 1_151, 1_152, 1_153, 16_000, 65_536];
    for (const [index, size] of sizes.entries()) await guest.send(size, index);
    await until('all are back', async () => (await guest.report()).messageCount === sizes.length);
    const report = await guest.report();
    expect(report).toMatchObject({ alteredCount: 0, byteCount: sizes.reduce((sum, size) => sum + size, 0) });
    expect(report.marks).toEqual(sizes.map((_size, index) => index));
    await guest.close(CloseCode.goingAway, 'sizes done');
    await until('the end is told', () => rig.closed.some(({ reason }) => reason === 'sizes done'));
  });

  it('gets what is published, complete and in order, and tells that the queue is gone', async () => {
    const { guest, index } = await openOne();
    rig.writable.length = 0;
    for (let round = 0; round < 10; round += 1) {
      for (let piece = 0; piece < 10; piece += 1) {
        rig.edge.publish(TOPIC, markedMessage(15_000, round * 10 + piece));
      }
      const wanted = (round + 1) * 10;
      await until('the pieces are there', async () => (await guest.report()).messageCount === wanted);
    }
    const report = await guest.report();
    expect(report.marks).toEqual(Array.from({ length: 100 }, (_, mark) => mark));
    expect(report.alteredCount).toBe(0);
    expect(rig.writable.at(-1)).toBe(0);
    expect(rig.overflown).toEqual([]);
    rig.opened[index]?.link.detach(TOPIC);
    rig.edge.publish(TOPIC, markedMessage(100, 1));
    rig.opened[index]?.link.send(markedMessage(100, 200));
    await until('the last is there', async () => (await guest.report()).marks.at(-1) === 200);
    expect((await guest.report()).messageCount).toBe(101);
    await guest.close(CloseCode.goingAway, 'pieces done');
    await until('the end is told', () => rig.closed.some(({ reason }) => reason === 'pieces done'));
  });

  it('is told why the relay closes', async () => {
    const { guest, index } = await openOne();
    rig.opened[index]?.link.close(CloseCode.badSignature, 'a forged piece');
    await until('told', async () => (await guest.report()).closed.length > 0);
    const closed = { code: CloseCode.badSignature, reason: 'a forged piece' };
    expect((await guest.report()).closed).toEqual([closed]);
    expect(rig.closed.at(-1)).toMatchObject(closed);
    await until('its place is free', () => rig.edge.clientCount === 0);
  });

  it('is turned away at a path that takes no links', async () => {
    const guest = await openGuest(rig.url.replace('/channel/', '/elsewhere/'));
    await until('told', async () => (await guest.report()).closed.length > 0);
    expect((await guest.report()).closed[0]?.code).toBe(CloseCode.unknownChannel);
    await until('its place is free', () => rig.edge.clientCount === 0);
  });

  it('is told when the relay goes, which leaves nothing behind', async () => {
    const other = await startEdgeRig();
    const guest = await openGuest(other.url);
    await until('open', () => other.opened.length === 1);
    await other.edge.close();
    await until('told', async () => (await guest.report()).closed.length > 0);
    expect((await guest.report()).closed[0]?.code).toBe(1001);
    expect(other.closed).toMatchObject([{ code: 1001 }]);
  });
}

describe('a guest by werift', () => describeGuests(openWeriftGuest));

describeIfReal('a guest in Chromium', ['chromium'], () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await openBrowser({ flags: [LOOPBACK_FLAG] });
  });
  afterAll(() => browser?.close());

  describeGuests(async (url) => openPageGuest(await browser.context.newPage(), url));
});
