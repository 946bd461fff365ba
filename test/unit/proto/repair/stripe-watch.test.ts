import { monoMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { RepairLimits, StripeWatch } from '../../../../proto/src/repair/index.js';
import { RELAY_LINK, Rig, STRIPES } from './rig.js';

const at = monoMs;
const never = (): undefined => undefined;

describe('a viewer that misses nothing', () => {
  it('asks for next to nothing and leaves nobody, keyframe bursts and unequal parents included', () => {
    for (const seed of ['a', 'b', 'c']) {
      const rig = new Rig(seed);
      rig.run(30_000);
      expect(rig.switches).toEqual([]);
      expect(rig.requested()).toBeLessThan(rig.capturedAt.size * 0.015);
      expect(rig.onTime(0, 29_000)).toBe(1);
    }
  });

  it('takes a stripe that always lags far behind as it is', () => {
    const rig = new Rig('deep');
    rig.link(5).delay = () => 320 + rig.prng.next() * 20;
    rig.run(20_000);
    // While nothing is known of the stripe it is overdue; later it is not.
    expect(rig.requested(4_000)).toBeLessThan(10);
    expect(rig.switches.filter(({ at: time }) => time > 4_000)).toEqual([]);
  });

  it('waits out a stall that hits all stripes alike', () => {
    const rig = new Rig('stall');
    for (const link of [2, 3, 4, 5]) {
      const { delay } = rig.link(link);
      const plain = delay;
      // All that is captured in these 200 ms comes at its end.
      rig.link(link).delay = (time, sequence) =>
        time >= 5_000 && time < 5_200 ? 5_200 - time + (plain(time, sequence) ?? 0) : plain(time, sequence);
    }
    rig.run(8_000);
    expect(rig.switches).toEqual([]);
    expect(rig.requested(5_000)).toBeLessThan(6);
  });
});

describe('a lost piece', () => {
  it('at a plain loss of 0.5 % is repaired in time, and no source is left for it', () => {
    const rig = new Rig('loss');
    for (const link of [2, 3, 4, 5]) {
      const plain = rig.link(link).delay;
      rig.link(link).delay = (time, sequence) =>
        rig.prng.next() < 0.005 ? undefined : plain(time, sequence);
    }
    rig.run(120_000);
    const { stats } = rig.watch;
    const lost = rig.capturedAt.size * 0.005;
    expect(rig.switches).toEqual([]);
    expect(rig.onTime(0, 119_000)).toBe(1);
    expect(stats.repaired).toBeGreaterThan(lost * 0.5);
    // The rest are keyframe pieces that come slowly: at most 1.5 % of all.
    expect(stats.requested).toBeLessThan(lost * 1.5 + rig.capturedAt.size * 0.015);
    expect(rig.duplicates).toBeLessThan(rig.capturedAt.size * 0.015);
  });

  it('is asked of a neighbour first, not of the source that owes it, and not of the relay', () => {
    const rig = new Rig('one');
    const plain = rig.link(3).delay;
    rig.link(3).delay = (time, sequence) => (sequence === 201 ? undefined : plain(time, sequence));
    rig.run(8_000);
    const asked = rig.requests.filter(({ sequences }) => sequences.includes(201));
    expect(asked.map(({ link }) => link)).toEqual([2]);
    expect(rig.watch.stats).toMatchObject({ repaired: 1, givenUp: 0 });
  });

  it('is asked of the next when the first does not have it, does not answer, or goes', () => {
    for (const kind of ['missing', 'nothing'] as const) {
      const rig = new Rig(kind);
      const plain = rig.link(3).delay;
      rig.link(3).delay = (time, sequence) => (sequence === 201 ? undefined : plain(time, sequence));
      rig.link(2).answer = () => kind;
      rig.link(4).answer = () => kind;
      rig.run(8_000);
      const asked = rig.requests.filter(({ sequences }) => sequences.includes(201));
      expect(asked.map(({ link }) => link)).toEqual(
        kind === 'missing' ? [2, 4, 5] : expect.arrayContaining([2, 4]),
      );
      expect(rig.onTime(0, 7_000)).toBe(1);
    }
  });

  it('comes from the relay when nobody else has it', () => {
    const rig = new Rig('relay');
    for (const link of [2, 3, 4, 5]) rig.link(link).answer = () => 'missing';
    const plain = rig.link(3).delay;
    rig.link(3).delay = (time, sequence) => (sequence === 201 ? undefined : plain(time, sequence));
    rig.run(8_000);
    const asked = rig.requests.filter(({ sequences }) => sequences.includes(201));
    expect(asked.at(-1)?.link).toBe(RELAY_LINK);
    expect(rig.onTime(0, 7_000)).toBe(1);
  });

  it('is asked of the relay at once when its deadline leaves no time for two tries', () => {
    const rig = new Rig('near', 250);
    const plain = rig.link(3).delay;
    rig.link(3).delay = (time, sequence) => (sequence === 201 ? undefined : plain(time, sequence));
    rig.run(8_000);
    const asked = rig.requests.filter(({ sequences }) => sequences.includes(201));
    expect(asked.map(({ link }) => link)).toEqual([RELAY_LINK]);
    expect(rig.onTime(0, 7_000)).toBe(1);
  });

  it('is asked for beyond its deadline: a short stall is better than a lost group', () => {
    const rig = new Rig('overtime', 190);
    for (const [, link] of rig.links) Object.assign(link, { rttMs: 150 });
    const plain = rig.link(3).delay;
    rig.link(3).delay = (time, sequence) => (sequence === 201 ? undefined : plain(time, sequence));
    rig.run(8_000);
    expect(rig.requests.filter(({ sequences }) => sequences.includes(201))).toMatchObject([
      { link: RELAY_LINK },
    ]);
    const lateMs = (rig.cameAt.get(201) ?? Number.NaN) - (rig.capturedAt.get(201) ?? Number.NaN) - 190;
    expect(lateMs).toBeGreaterThan(0);
    expect(lateMs).toBeLessThan(RepairLimits.REPAIR_OVERTIME_MS);
    expect(rig.watch.stats.givenUp).toBe(0);
  });

  it('is given up when it would be of no use any more, and not asked for when no answer can come by then', () => {
    const rig = new Rig('hopeless', 190);
    for (const [, link] of rig.links) Object.assign(link, { rttMs: 150 + RepairLimits.REPAIR_OVERTIME_MS });
    const plain = rig.link(3).delay;
    rig.link(3).delay = (time, sequence) => (sequence === 201 ? undefined : plain(time, sequence));
    rig.run(8_000);
    expect(rig.requests.filter(({ sequences }) => sequences.includes(201))).toEqual([]);
    expect(rig.watch.stats.givenUp).toBe(1);
    expect(rig.watch.isWaitingFor(201)).toBe(false);
  });

  it('is repaired with an unknown broadcast clock too', () => {
    const rig = new Rig('clockless');
    rig.isClockKnown = false;
    const plain = rig.link(3).delay;
    rig.link(3).delay = (time, sequence) => (sequence % 100 === 1 ? undefined : plain(time, sequence));
    rig.run(8_000);
    expect(rig.onTime(0, 7_000)).toBe(1);
  });
});

describe('a burst of losses', () => {
  it('is repaired, and a burst over one link may cost that source its stripe', () => {
    const rig = new Rig('burst');
    rig.standIn = () => RELAY_LINK;
    const plain = rig.link(4).delay;
    rig.link(4).delay = (time, sequence) =>
      time > 5_000 && time < 5_400 ? undefined : plain(time, sequence);
    rig.run(10_000);
    expect(rig.onTime(0, 9_000)).toBe(1);
    expect(rig.switches.map(({ stripe }) => stripe)).toEqual([2]);
  });

  it('that hits everybody does not become a storm', () => {
    const rig = new Rig('storm');
    for (const link of [2, 3, 4, 5]) {
      const plain = rig.link(link).delay;
      rig.link(link).answer = () => 'nothing';
      rig.link(link).delay = (time, sequence) => (rig.prng.next() < 0.6 ? undefined : plain(time, sequence));
    }
    rig.link(RELAY_LINK).answer = () => 'nothing';
    rig.run(20_000);
    const seconds = 20;
    expect(rig.requested()).toBeLessThan(
      RepairLimits.REQUEST_BURST + seconds * 48 * RepairLimits.REQUEST_SHARE,
    );
    expect(rig.requested()).toBeGreaterThan(seconds * 5);
    expect(rig.watch.missingCount).toBeLessThan(60);
  });
});

describe('a source that fails', () => {
  it('by dying is left within 250 ms of the first piece that it owes in most cases, within 330 ms in all, and nothing is missed', () => {
    const delays: number[] = [];
    for (let i = 0; i < 40; i++) {
      const rig = new Rig(`dead ${i}`);
      rig.standIn = () => RELAY_LINK;
      const diesAt = 6_000 + 37 * i;
      const plain = rig.link(4).delay;
      rig.link(4).delay = (time, sequence) => (time > diesAt ? undefined : plain(time, sequence));
      rig.link(4).answer = (time) => (time > diesAt ? 'nothing' : 'piece');
      rig.run(9_000);
      const [first] = [...rig.capturedAt].filter(
        ([sequence, time]) => sequence % STRIPES === 2 && time > diesAt,
      );
      expect(rig.switches.map(({ stripe }) => stripe)).toEqual([2]);
      expect(rig.switches[0]?.why).toBe('silent');
      delays.push((rig.switches[0]?.at ?? 0) - ((first?.[1] ?? 0) + 115));
      expect(rig.onTime(0, 8_000)).toBe(1);
    }
    delays.sort((a, b) => a - b);
    expect(delays[20]).toBeLessThan(200);
    expect(delays[33]).toBeLessThan(250);
    // After a keyframe the second chunk of a stripe may be 130 ms away, and one alone proves nothing.
    expect(delays[39]).toBeLessThan(330);
  });

  it('by being 300 ms late all at once is left as late', () => {
    for (let i = 0; i < 10; i++) {
      const rig = new Rig(`late ${i}`);
      rig.standIn = () => RELAY_LINK;
      const plain = rig.link(4).delay;
      rig.link(4).delay = (time, sequence) => (plain(time, sequence) ?? 0) + (time > 6_000 ? 300 : 0);
      rig.run(9_000);
      expect(rig.switches.map(({ stripe }) => stripe)).toEqual([2]);
      expect((rig.switches[0]?.at ?? 0) - 6_110).toBeLessThan(350);
      expect(rig.onTime(0, 8_000)).toBe(1);
    }
  });

  it('by withholding one stripe of two is left for that stripe alone, as late', () => {
    const rig = new Rig('withhold');
    rig.standIn = () => RELAY_LINK;
    rig.take(3, 4);
    const plain = rig.link(4).delay;
    rig.link(4).delay = (time, sequence) =>
      time > 6_000 && sequence % STRIPES === 2 ? undefined : plain(time, sequence);
    rig.run(9_000);
    expect(rig.switches.map(({ stripe, why }) => [stripe, why])).toEqual([[2, 'late']]);
  });

  it('together with a second one is left like a single one', () => {
    const rig = new Rig('two');
    rig.standIn = () => RELAY_LINK;
    for (const link of [3, 5]) {
      const plain = rig.link(link).delay;
      rig.link(link).answer = (time) => (time > 6_000 ? 'nothing' : 'piece');
      rig.link(link).delay = (time, sequence) => (time > 6_000 ? undefined : plain(time, sequence));
    }
    rig.run(9_000);
    expect(rig.switches.map(({ stripe }) => stripe).sort()).toEqual([1, 3]);
    expect(Math.max(...rig.switches.map(({ at: time }) => time))).toBeLessThan(6_000 + 125 + 90 + 250);
    expect(rig.onTime(0, 8_000)).toBeGreaterThan(0.99);
  });

  it('is named again only after a time of grace when it is not left', () => {
    const rig = new Rig('stubborn');
    const plain = rig.link(4).delay;
    rig.link(4).delay = (time, sequence) => (time > 6_000 ? undefined : plain(time, sequence));
    rig.run(8_000);
    const times = rig.switches.map(({ at: time }) => time);
    expect(times.length).toBeGreaterThan(1);
    for (const [i, time] of times.slice(1).entries())
      expect(time - (times[i] ?? 0)).toBeGreaterThanOrEqual(RepairLimits.SWITCH_GRACE_MS);
  });

  it('is not left when one stripe has merely become faster than all others', () => {
    const rig = new Rig('faster');
    for (const link of [2, 3, 4, 5]) rig.link(link).delay = () => 220 + rig.prng.next() * 10;
    rig.run(6_000);
    rig.take(0, RELAY_LINK);
    rig.run(7_000);
    expect(rig.switches).toEqual([]);
  });
});

describe('silence of everybody', () => {
  const silent = (rig: Rig): void => {
    for (const link of [2, 3, 4, 5]) {
      const plain = rig.link(link).delay;
      rig.link(link).delay = (time, sequence) => (time > 6_000 ? undefined : plain(time, sequence));
    }
  };

  it('makes every source silent after 250 ms when the relay does not answer', () => {
    const rig = new Rig('all');
    rig.isRelayAsked = false;
    silent(rig);
    rig.run(6_500);
    expect(rig.switches.map(({ stripe, why }) => `${stripe} ${why}`).sort()).toEqual([
      '0 silent',
      '1 silent',
      '2 silent',
      '3 silent',
    ]);
    const last = Math.max(...rig.cameAt.values());
    for (const { at: time } of rig.switches) expect(time - last).toBeCloseTo(RepairLimits.ALL_SILENT_MS, 5);
  });

  it('lets the relay be asked for what comes next, and what it has shows what the sources owe', () => {
    const rig = new Rig('relay has it');
    silent(rig);
    rig.run(6_500);
    expect(rig.probes[0]?.sequences).toHaveLength(RepairLimits.QUIET_SEQUENCES);
    for (const sequence of rig.probes[0]?.sequences ?? [])
      expect(rig.cameAt.get(sequence), `${sequence}`).toBeDefined();
    expect(new Set(rig.switches.map(({ stripe }) => stripe))).toEqual(new Set([0, 1, 2, 3]));
    expect(rig.onTime(0, 5_900)).toBe(1);
  });

  it('goes on to be asked about while nobody but the relay delivers', () => {
    const rig = new Rig('relay goes on');
    silent(rig);
    rig.run(6_800);
    expect(rig.probes.length).toBeGreaterThanOrEqual(4);
    const asked = rig.probes.flatMap(({ sequences }) => sequences);
    expect(new Set(asked).size).toBe(asked.length);
    for (const sequence of asked.slice(0, -RepairLimits.QUIET_SEQUENCES))
      expect(rig.cameAt.get(sequence), `${sequence}`).toBeDefined();
  });

  it('is noticed as soon when it was a failure before, too', () => {
    const rig = new Rig('again');
    const isCut = (time: number): boolean => (time > 6_000 && time < 6_300) || time > 6_400;
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      const plain = rig.link(2 + stripe).delay;
      rig.link(2 + stripe).delay = (time, sequence) => (isCut(time) ? undefined : plain(time, sequence));
    }
    rig.run(7_200);
    const last = Math.max(
      ...[...rig.cameAt]
        .filter(([sequence]) => (rig.capturedAt.get(sequence) ?? 0) < 6_400)
        .map(([, at]) => at),
    );
    const next = rig.probes.find(({ at: time }) => time > 6_560)?.at ?? Number.POSITIVE_INFINITY;
    expect(next - last).toBeLessThan(RepairLimits.QUIET_MS * 1.5);
  });

  it('is nobody’s failure when the relay has nothing new either, which is asked ever more seldom', () => {
    const rig = new Rig('halt');
    rig.run(6_000);
    const before = rig.probes.length;
    rig.run(16_000, 6_000);
    expect(rig.switches).toEqual([]);
    const asked = rig.probes.slice(before).map(({ at: time }) => time);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThan(20);
    expect((asked.at(-1) ?? 0) - (asked.at(-2) ?? 0)).toBeGreaterThan(700);
  });

  it('is not suspected of a stream of few frames a second', () => {
    for (const [stepMs, jitterMs] of [
      [66, 60],
      [100, 20],
      [125, 0],
      [200, 10],
    ] as const) {
      const rig = new Rig(`${stepMs}`);
      const watch = new StripeWatch({ stripeCount: STRIPES, playoutLagMs: 700 });
      for (let stripe = 0; stripe < STRIPES; stripe++) watch.setSource(at(0), stripe, 2 + stripe);
      let probes = 0;
      for (let sequence = 0; sequence < 200; sequence++) {
        const now = at(sequence * stepMs + 100 + rig.prng.next() * jitterMs);
        for (let action = watch.poll(now, []); action; action = watch.poll(now, []))
          if (action.kind === 'probe') probes++;
        watch.arrived(now, { sequence, captureMs: sequence * stepMs }, 2 + (sequence % STRIPES), now);
      }
      expect(probes, `${stepMs}`).toBeLessThanOrEqual(2);
    }
  });

  it('is nobody’s failure while the broadcast pauses', () => {
    const rig = new Rig('pause');
    rig.isRelayAsked = false;
    silent(rig);
    rig.run(6_200);
    rig.watch.setLive(at(6_200), false);
    rig.run(20_000, 6_200);
    expect(rig.switches).toEqual([]);
    rig.watch.setLive(at(20_000), true);
    rig.run(20_000 + RepairLimits.ALL_SILENT_MS - 10, 20_000);
    expect(rig.switches).toEqual([]);
    rig.run(21_000, 20_000);
    expect(rig.switches.length).toBeGreaterThanOrEqual(STRIPES);
  });

  it('proves nothing when this node itself slept', () => {
    const rig = new Rig('sleep');
    rig.run(6_000);
    rig.sleepUntil(9_000);
    rig.drain();
    expect(rig.switches).toEqual([]);
  });

  it('is waited for longer where pieces are rare', () => {
    const watch = new StripeWatch({ stripeCount: 1, playoutLagMs: 600 });
    watch.setSource(at(0), 0, 7);
    for (let i = 0; i < 30; i++) watch.arrived(at(i * 400), { sequence: i, captureMs: i * 400 }, 7, i * 400);
    expect(watch.poll(at(29 * 400 + 300), [])).toBeUndefined();
    const timeout = watch.nextTimeout() ?? at(0);
    expect(timeout).toBeGreaterThan(29 * 400 + 399);
  });
});

describe('the account of sequences', () => {
  const watchAt = (sequence: number): StripeWatch => {
    const watch = new StripeWatch({ stripeCount: STRIPES, playoutLagMs: 1e9 });
    watch.arrived(at(0), { sequence, captureMs: 0 }, 2, 0);
    return watch;
  };

  it('begins with the first piece, or where it is told to', () => {
    const watch = watchAt(100);
    expect(watch.missingCount).toBe(0);
    expect([0, 1, 2, 3].map((stripe) => watch.nextNeeded(stripe))).toEqual([104, 101, 102, 103]);
    const told = new StripeWatch({ stripeCount: STRIPES, playoutLagMs: 600 });
    told.startAt(98);
    expect(told.nextNeeded(3)).toBe(99);
    told.arrived(at(0), { sequence: 101, captureMs: 0 }, 2, 0);
    expect([97, 98, 99, 100, 101, 102].filter((sequence) => told.isWaitingFor(sequence))).toEqual([
      98, 99, 100,
    ]);
    expect([0, 1, 2, 3].map((stripe) => told.nextNeeded(stripe))).toEqual([100, 105, 98, 99]);
    told.startAt(100);
    expect(told.missingCount).toBe(1);
    told.startAt(10);
    told.arrived(at(1), { sequence: 99, captureMs: 0 }, 2, 0);
    expect(told.missingCount).toBe(1);
    expect(told.stats.givenUp).toBe(0);
  });

  it('is bounded by its window, over many turns of it', () => {
    const watch = watchAt(0);
    for (let i = 1; i < 20; i++) {
      watch.arrived(at(i), { sequence: i * 900, captureMs: i }, 2, i);
      expect(watch.missingCount).toBeLessThan(RepairLimits.REPAIR_WINDOW);
      while (watch.poll(at(i), []));
    }
    const highest = 19 * 900;
    expect(watch.isWaitingFor(highest - RepairLimits.REPAIR_WINDOW)).toBe(false);
    expect(watch.isWaitingFor(highest - RepairLimits.REPAIR_WINDOW + 1)).toBe(true);
    watch.arrived(at(30), { sequence: 1e12, captureMs: 30 }, 2, 30);
    expect(watch.missingCount).toBe(RepairLimits.REPAIR_WINDOW - 1);
    expect(watch.stats.givenUp).toBe(1e12 - RepairLimits.REPAIR_WINDOW - 19);
  });

  it('is not stretched by a stop: after an outage what is of no use any more is not asked for', () => {
    const watch = new StripeWatch({ stripeCount: STRIPES, playoutLagMs: 600 });
    watch.arrived(at(0), { sequence: 0, captureMs: 0 }, 2, 0);
    watch.arrived(at(10_000), { sequence: 450, captureMs: 9_900 }, 2, 10_000);
    const usefulMs = 600 + RepairLimits.REPAIR_OVERTIME_MS;
    expect(watch.missingCount).toBeLessThanOrEqual((usefulMs * 450) / 10_000 + 1);
  });

  it('comes in order whatever the reordering', () => {
    const rig = new Rig('reorder');
    for (const link of [2, 3, 4, 5]) rig.link(link).delay = () => 80 + rig.prng.next() * 120;
    rig.run(30_000);
    expect(rig.onTime(0, 29_000)).toBe(1);
    expect(rig.switches).toEqual([]);
    expect(rig.requested()).toBeLessThan(rig.capturedAt.size * 0.05);
  });

  it('is not moved by what was not asked for: floods of `missing` cause no request', () => {
    const rig = new Rig('flood');
    const plain = rig.link(3).delay;
    rig.link(3).delay = (time, sequence) => (sequence % 40 === 1 ? undefined : plain(time, sequence));
    const all = Array.from({ length: 5_000 }, (_, sequence) => sequence);
    for (let time = 0; time < 10_000; time += 50) {
      rig.run(time);
      rig.watch.missing(at(time), 3, all);
      rig.watch.missing(at(time), 99, all);
      rig.watch.missing(at(time), 2, [-1, Number.NaN, 0.5, Number.POSITIVE_INFINITY]);
      rig.drain();
    }
    const lost = [...rig.capturedAt.keys()].filter((sequence) => sequence % 40 === 1).length;
    expect(rig.requested()).toBeLessThan(lost * 1.6);
    expect(rig.onTime(0, 9_000)).toBe(1);
  });

  it('asks others when the one that was asked goes', () => {
    const watch = watchAt(0);
    watch.arrived(at(10), { sequence: 2, captureMs: 10 }, 2, 10);
    const views = [
      { link: 3, canServe: 0xf, rttMs: 20, isRelay: false },
      { link: 4, canServe: 0xf, rttMs: 40, isRelay: false },
    ];
    expect(watch.poll(at(400), views)).toEqual({ kind: 'request', link: 3, sequences: [1] });
    expect(watch.poll(at(400), views)).toBeUndefined();
    watch.linkLost(at(410), 3);
    expect(watch.poll(at(410), views.slice(1))).toEqual({ kind: 'request', link: 4, sequences: [1] });
  });

  it('puts what is asked of one neighbour into one message', () => {
    const watch = watchAt(0);
    watch.arrived(at(10), { sequence: 9, captureMs: 10 }, 2, 10);
    const views = [{ link: 3, canServe: 0b0110, rttMs: 20, isRelay: false }];
    expect(watch.poll(at(400), views)).toEqual({ kind: 'request', link: 3, sequences: [1, 2, 5, 6] });
    expect(watch.poll(at(400), views)).toBeUndefined();
  });
});

describe('a stripe that nobody feeds', () => {
  it('is kept alive by repairs within the budget', () => {
    const rig = new Rig('orphan');
    rig.run(3_000);
    rig.take(2, undefined);
    rig.link(4).delay = never;
    rig.run(13_000);
    expect(rig.onTime(0, 12_000)).toBeGreaterThan(0.97);
    expect(rig.switches).toEqual([]);
  });
});
