/**
 * CPU per gigabyte and memory per link of the two engines and of bare uWebSockets.js, in one run.
 *
 *     tsx test/bench/fanout-engines.ts '{"clientCount":200,"messageBytes":[12000],"ratePerS":60,"durationS":8,"roundCount":3}'
 *
 * The rounds interleave the servers, since a shared machine is never equally fast twice; the best of the rounds counts.
 */

import { BenchChild, type ChildMessage } from './bench-child.js';

const SERVERS = [
  { name: 'bare', script: './fanout-bare.ts', args: [] },
  { name: 'uWebSockets.js', script: './fanout-links.ts', args: ['uWebSockets.js'] },
  { name: 'ws', script: './fanout-links.ts', args: ['ws'] },
] as const;

const numberIn = (message: ChildMessage, name: string): number => Number(message[name] ?? Number.NaN);

/** One server, one crowd, one plan. */
const runOnce = async (
  server: (typeof SERVERS)[number],
  planJson: string,
  clientCount: number,
): Promise<{ cpuSPerGb: number; rssBytesPerLink: number; deliveredShare: number }> => {
  const child = new BenchChild(server.script, [planJson, ...server.args]);
  let crowd: BenchChild | undefined;
  try {
    const { port } = await child.next();
    const before = await child.ask('rss');
    crowd = new BenchChild('./ws-crowd.ts', [JSON.stringify({ port, path: '/link', clientCount })]);
    await crowd.next();
    const after = await child.ask('rss');
    await crowd.ask('reset');
    const published = await child.ask('publish');
    const report = await crowd.ask('report');
    const receivedBytes = numberIn(report, 'bytesTotal');
    const cpuS = numberIn(published, 'cpuUserS') + numberIn(published, 'cpuSystemS');
    return {
      cpuSPerGb: cpuS / (receivedBytes / 1e9),
      rssBytesPerLink: (numberIn(after, 'rssBytes') - numberIn(before, 'rssBytes')) / clientCount,
      deliveredShare: receivedBytes / (numberIn(published, 'publishedBytes') * clientCount),
    };
  } finally {
    await crowd?.end();
    await child.end();
  }
};

const planJson = process.argv[2] ?? '{}';
const given: unknown = JSON.parse(planJson);
const fields = new Map(Object.entries(typeof given === 'object' && given !== null ? given : {}));
const clientCount = Number(fields.get('clientCount') ?? 200);
const roundCount = Number(fields.get('roundCount') ?? 3);
const results = new Map<string, Awaited<ReturnType<typeof runOnce>>[]>();
for (let round = 0; round < roundCount; round += 1) {
  for (const server of SERVERS) {
    const rounds = results.get(server.name) ?? [];
    rounds.push(await runOnce(server, planJson, clientCount));
    results.set(server.name, rounds);
  }
}
const best = Object.fromEntries(
  [...results].map(([name, rounds]) => [
    name,
    {
      cpuSPerGb: Number(Math.min(...rounds.map((round) => round.cpuSPerGb)).toFixed(3)),
      cpuSPerGbRounds: rounds.map((round) => Number(round.cpuSPerGb.toFixed(3))),
      rssKibPerLink: Number((Math.min(...rounds.map((r) => r.rssBytesPerLink)) / 1024).toFixed(1)),
      deliveredShare: Number(Math.min(...rounds.map((round) => round.deliveredShare)).toFixed(4)),
    },
  ]),
);
process.stdout.write(`${JSON.stringify({ clientCount, roundCount, servers: best }, undefined, 2)}\n`);
