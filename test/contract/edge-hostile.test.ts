import type { Socket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { CloseCode, Prng } from '@freshet/proto';
import { afterEach, describe, expect, it } from 'vitest';
import { createWeriftConnection } from '../../viewer/src/app/rtc-werift.js';
import { createEdgeDial } from '../../viewer/src/link/rtc-relay-link.js';
import { encodeCheck, Middle, openSocket } from './edge-attacker.js';
import { markedMessage } from './edge-guest.js';
import { type EdgeRig, type Guest, openWeriftGuest, startEdgeRig, TOPIC, until } from './edge-rig.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

const startRig = async (overrides?: Parameters<typeof startEdgeRig>[0]): Promise<EdgeRig> => {
  const rig = await startEdgeRig(overrides);
  open.push(rig.edge);
  return rig;
};

const openAttacker = async (): Promise<Socket> => {
  const socket = await openSocket();
  open.push(socket);
  return socket;
};

const openGuest = async (rig: EdgeRig, url: string = rig.url): Promise<Guest> => {
  const index = rig.opened.length;
  const guest = await openWeriftGuest(url);
  open.push({ close: () => guest.close(CloseCode.goingAway, 'test over') });
  await until('the relay has a link', () => rig.opened.length > index);
  return guest;
};

const openMiddle = async (rig: EdgeRig): Promise<Middle> => {
  const middle = await Middle.open(rig.edge);
  open.push(middle);
  return middle;
};

/** A message goes there and back: the link is well. */
const echo = async (guest: Guest): Promise<void> => {
  const before = (await guest.report()).messageCount;
  await guest.send(3_000, 9);
  await until('the echo', async () => (await guest.report()).messageCount > before);
  expect((await guest.report()).alteredCount).toBe(0);
};

/** Datagrams of a guest that has opened and echoed once. */
const recordGuest = async (rig: EdgeRig): Promise<readonly Buffer[]> => {
  const middle = await openMiddle(rig);
  await echo(await openGuest(rig, middle.urlOf(rig.url, rig.edge)));
  return middle.fromGuest;
};

const randomBuffer = (prng: Prng, length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, () => prng.below(256)));

const isHello = (datagram: Buffer): boolean => datagram[0] === 22 && datagram[13] === 1;

describe('an edge under bad input', () => {
  it('leaves random datagrams, damaged checks and handshakes from nowhere alone', async () => {
    const rig = await startRig();
    const guest = await openGuest(rig);
    const hello = (await recordGuest(rig)).find(isHello) ?? Buffer.alloc(0);
    const attacker = await openAttacker();
    const answers: Buffer[] = [];
    attacker.on('message', (datagram) => answers.push(datagram));
    const prng = new Prng('garbage');
    const before = rig.edge.counts;
    const ignoredBefore = before.ignoredCount;
    for (let round = 0; round < 600; round += 1) {
      const check = encodeCheck(rig.edge, 'abcd');
      // One bit of it is wrong.
      const at = prng.below(check.length);
      check[at] = (check[at] ?? 0) ^ (1 << prng.below(8));
      attacker.send(randomBuffer(prng, prng.below(1_300)), rig.edge.port, '127.0.0.1');
      attacker.send(check, rig.edge.port, '127.0.0.1');
      attacker.send(encodeCheck(rig.edge, 'abcd').subarray(0, prng.below(80)), rig.edge.port, '127.0.0.1');
      attacker.send(hello, rig.edge.port, '127.0.0.1');
      if (round % 50 === 0) await delay(5);
    }
    await until('all are counted', () => rig.edge.counts.ignoredCount - ignoredBefore >= 2_000);
    expect(answers).toEqual([]);
    expect(rig.edge.clientCount).toBe(2);
    await echo(guest);
  });

  it('survives what a client may send in its handshake and after it, cut up and mixed', async () => {
    const rig = await startRig({ limits: { handshakeMs: 1_000, clientsPerSourceMax: 1_000 } });
    const guest = await openGuest(rig);
    const recorded = (await recordGuest(rig)).filter((datagram) => (datagram[0] ?? 0) >= 20);
    expect(recorded.length).toBeGreaterThan(4);
    const prng = new Prng('mutants');
    for (let round = 0; round < 20; round += 1) {
      const attacker = await openAttacker();
      attacker.send(encodeCheck(rig.edge, `mutant${round}`), rig.edge.port, '127.0.0.1');
      await delay(10);
      for (const datagram of recorded) {
        const mutant = Buffer.from(datagram);
        // The first begins a handshake in each round; what follows is damaged in some place.
        for (let count = prng.below(4); count > 0 && !isHello(mutant); count -= 1)
          mutant[prng.below(mutant.length)] = prng.below(256);
        const end = prng.below(4) === 0 ? prng.below(mutant.length) : mutant.length;
        attacker.send(isHello(mutant) ? mutant : mutant.subarray(0, end), rig.edge.port, '127.0.0.1');
        attacker.send(
          randomBuffer(prng, 20 + prng.below(60)).fill(20 + prng.below(6), 0, 1),
          rig.edge.port,
          '127.0.0.1',
        );
      }
    }
    await until('they are let go of', () => rig.edge.clientCount <= 2);
    await echo(guest);
    expect(rig.opened).toHaveLength(2);
  });

  it('lets go of who stops in mid-handshake, and has so much room for them and no more', async () => {
    const rig = await startRig({ limits: { handshakesMax: 4, handshakeMs: 2_000 } });
    const hello = (await recordGuest(rig)).find(isHello) ?? Buffer.alloc(0);
    const guest = await openGuest(rig);
    const settled = rig.edge.clientCount;
    for (let index = 0; index < 10; index += 1) {
      const attacker = await openAttacker();
      attacker.send(encodeCheck(rig.edge, `half${index}`), rig.edge.port, '127.0.0.1');
      attacker.send(hello, rig.edge.port, '127.0.0.1');
    }
    await until('the room is full', () => rig.edge.counts.refusedCount >= 6);
    expect(rig.edge.clientCount).toBe(settled + 4);
    await echo(guest);
    await until('they are let go of', () => rig.edge.clientCount === settled);
    await openGuest(rig);
  });

  it('lets go of who shakes hands and asks for nothing, and refuses a first message that is no request', async () => {
    const rig = await startRig({ limits: { handshakeMs: 3_000 } });
    const create = await createWeriftConnection();
    for (const first of [undefined, Buffer.from([2, 1, 1])]) {
      let openCount = 0;
      const closed: number[] = [];
      const dial = createEdgeDial((stunUrls) => {
        const connection = create(stunUrls);
        const make = connection.createDataChannel.bind(connection);
        connection.createDataChannel = (label, options) => {
          const channel = make(label, options);
          const send = channel.send.bind(channel);
          // In place of the request.
          channel.send = () => first && send(first);
          return channel;
        };
        return connection;
      });
      dial(rig.url, {
        onOpen: () => {
          openCount += 1;
        },
        onMessage: () => undefined,
        onClose: (code) => closed.push(code),
      });
      await until('the hands are shaken', () => openCount === 1);
      await until('it is let go of', () => rig.edge.clientCount === 0);
      if (!first) continue;
      await until('it is told', () => closed.length > 0);
      expect(closed).toEqual([CloseCode.protocolViolation]);
    }
    expect(rig.opened).toEqual([]);
  });

  it('takes no more clients than it may, and none more from one address', async () => {
    for (const limits of [{ clientsMax: 2 }, { clientsPerSourceMax: 2 }]) {
      const rig = await startRig({ limits });
      const guests = [await openGuest(rig), await openGuest(rig)];
      const third = await openWeriftGuest(rig.url);
      await until('it is refused', () => rig.edge.counts.refusedCount > 0);
      expect(rig.edge.clientCount).toBe(2);
      await third.close(CloseCode.goingAway, 'given up');
      for (const guest of guests) await echo(guest);
      await guests[0]?.close(CloseCode.goingAway, 'makes room');
      await until('there is room', () => rig.edge.clientCount === 1);
      await echo(await openGuest(rig));
    }
  });

  it('closes a link whose message is too long', async () => {
    const rig = await startRig({ limits: { messageBytesMax: 5_000 } });
    const guest = await openGuest(rig);
    await echo(guest);
    await guest.send(5_001, 1);
    await until('it is closed', () => rig.closed.length > 0);
    expect(rig.closed).toMatchObject([{ code: 1009 }]);
    await until('the guest notices', async () => (await guest.report()).closed.length > 0);
  });
});

describe('somebody on the way', () => {
  it('ends nothing by what is not protected: hellos, alerts, replays', async () => {
    const rig = await startRig();
    const middle = await openMiddle(rig);
    const guest = await openGuest(rig, middle.urlOf(rig.url, rig.edge));
    await echo(guest);
    const alert = Buffer.from([21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 99, 0, 2, 2, 40]);
    const protectedAlert = Buffer.from(alert);
    protectedAlert[4] = 1;
    const prng = new Prng('middle');
    for (const datagram of [...middle.fromGuest]) middle.inject(datagram);
    for (let round = 0; round < 50; round += 1) {
      middle.inject(alert);
      middle.inject(protectedAlert);
      middle.inject(randomBuffer(prng, 60).fill(20 + prng.below(4), 0, 1));
      middle.inject(encodeCheck(rig.edge, `other${round}`));
    }
    await echo(guest);
    expect(rig.closed).toEqual([]);
    expect(rig.opened).toHaveLength(1);
  });

  it('may give a guest another port, and its link goes on', async () => {
    const rig = await startRig();
    const middle = await openMiddle(rig);
    const guest = await openGuest(rig, middle.urlOf(rig.url, rig.edge));
    await echo(guest);
    await middle.move();
    await echo(guest);
    rig.edge.publish(TOPIC, markedMessage(16_000, 77));
    await until('the piece', async () => (await guest.report()).marks.at(-1) === 77);
    expect(rig.opened).toHaveLength(1);
    expect(rig.closed).toEqual([]);
  });

  it('who only knows a name moves nobody', async () => {
    const rig = await startRig();
    const guest = await openGuest(rig);
    const middle = await openMiddle(rig);
    const other = await openGuest(rig, middle.urlOf(rig.url, rig.edge));
    // Of a check, the name stands in front: "<ours>:<theirs>".
    const check = middle.fromGuest.find((datagram) => datagram[0] === 0) ?? Buffer.alloc(0);
    const [, name = ''] = /:([0-9A-Za-z+/]{4,})/.exec(check.toString('latin1')) ?? [];
    expect(name).not.toBe('');
    const attacker = await openAttacker();
    const got: Buffer[] = [];
    attacker.on('message', (datagram) => got.push(datagram));
    for (let round = 0; round < 20; round += 1)
      attacker.send(encodeCheck(rig.edge, name), rig.edge.port, '127.0.0.1');
    await until('they are answered', () => got.length === 20);
    for (let mark = 0; mark < 20; mark += 1) rig.edge.publish(TOPIC, markedMessage(5_000, mark));
    await until('the pieces', async () => (await other.report()).messageCount === 20);
    await echo(guest);
    expect(got.every((datagram) => datagram.readUInt16BE(0) === 0x0101)).toBe(true);
    expect(got).toHaveLength(20);
  });

  it('who lets nothing pass fills a bounded queue, of which the owner is told, until the link is given up', async () => {
    const rig = await startRig({ limits: { silenceMs: 6_000, bufferedBytesMax: 100_000 } });
    const middle = await openMiddle(rig);
    const guest = await openGuest(rig, middle.urlOf(rig.url, rig.edge));
    const well = await openGuest(rig);
    await echo(guest);
    middle.isDeafToEdge = true;
    middle.isDeafToGuest = true;
    const stuck = rig.opened[0]?.link;
    for (let mark = 0; mark < 60; mark += 1) {
      rig.edge.publish(TOPIC, markedMessage(16_000, mark));
      await delay(20);
    }
    expect(stuck?.bufferedBytes).toBeGreaterThan(80_000);
    expect(stuck?.bufferedBytes).toBeLessThanOrEqual(116_000);
    expect(rig.overflown).toContain(stuck?.id);
    await until('the other has them all', async () => (await well.report()).messageCount === 60);
    expect(rig.overflown.filter((id) => id !== stuck?.id)).toEqual([]);
    await until('it is given up', () => rig.closed.length > 0);
    expect(rig.closed).toMatchObject([{ id: stuck?.id, code: 1006 }]);
    expect(stuck?.bufferedBytes).toBe(0);
    await echo(well);
  });
});

describe('the STUN of an edge', () => {
  it('tells whoever asks plainly the address that is seen', async () => {
    const rig = await startRig();
    const socket = await openAttacker();
    const answered = new Promise<Buffer>((resolve) => socket.once('message', resolve));
    const request = Buffer.alloc(20);
    request.writeUInt16BE(1, 0);
    request.writeUInt32BE(0x2112_a442, 4);
    socket.send(request, rig.edge.port, '127.0.0.1');
    const answer = await answered;
    expect(answer.readUInt16BE(0)).toBe(0x0101);
    expect(answer.readUInt16BE(26) ^ 0x2112).toBe(socket.address().port);
    expect(rig.edge.counts.stunCount).toBe(1);
  });
});
