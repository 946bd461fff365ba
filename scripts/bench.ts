/**
 * `npm run bench -- NAME [--json]`: measures one thing on this machine. The last line of standard output is the result
 * as JSON with `--json`, and the same in words without.
 */

import { parseArgs } from 'node:util';
import type { Bench } from '../test/bench/bench.js';
import { benchChunking } from '../test/bench/chunking.js';
import { benchCrowd } from '../test/bench/crowd.js';
import { benchDashboard } from '../test/bench/dashboard.js';
import { benchFailover } from '../test/bench/failover.js';
import { benchFanout } from '../test/bench/fanout.js';
import { benchHls } from '../test/bench/hls.js';
import { benchHops } from '../test/bench/hops.js';
import { benchLatency } from '../test/bench/latency.js';
import { benchMesh } from '../test/bench/mesh.js';
import { benchMeshNet } from '../test/bench/mesh-net.js';
import { benchPipeline } from '../test/bench/pipeline.js';
import { benchPlanner } from '../test/bench/planner.js';
import { benchRtp } from '../test/bench/rtp.js';
import { benchSoak } from '../test/bench/soak.js';
import { benchStudio, benchStudioLoss } from '../test/bench/studio.js';
import { benchWebrtcEdge } from '../test/bench/webrtc-edge.js';

const BENCHES: Readonly<Record<string, Bench>> = {
  latency: benchLatency,
  hls: benchHls,
  fanout: benchFanout,
  pipeline: benchPipeline,
  chunking: benchChunking,
  planner: benchPlanner,
  mesh: benchMesh,
  'mesh-net': benchMeshNet,
  crowd: benchCrowd,
  dashboard: benchDashboard,
  failover: benchFailover,
  hops: benchHops,
  'webrtc-edge': benchWebrtcEdge,
  studio: benchStudio,
  'studio-loss': benchStudioLoss,
  soak: benchSoak,
  rtp: benchRtp,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    viewers: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const name = positionals[0] ?? '';
const bench = BENCHES[name];

if (values.help || !bench) {
  const list = Object.entries(BENCHES).map(([key, { about }]) => `  ${key.padEnd(10)} ${about}`);
  console.error(['npm run bench -- NAME [--json] [--viewers N,N] [--seconds N]', '', ...list].join('\n'));
  process.exitCode = values.help ? 0 : 2;
} else {
  const numbers = (text: string | undefined): number[] | undefined => text?.split(',').map(Number);
  const options = {
    viewers: numbers(values.viewers),
    seconds: values.seconds === undefined ? undefined : Number(values.seconds),
    note: (line: string) => console.error(line),
  };
  for (const result of await bench.run(options)) {
    if (values.json) console.log(JSON.stringify(result));
    else for (const [key, value] of Object.entries(result)) console.log(`${key}: ${JSON.stringify(value)}`);
  }
}
