/** What a relay says of its health. */

import { describe, expect, it } from 'vitest';
import { createRelayRoutes, type RelayRoutesSource } from '../../../../relay-node/src/http/relay-routes.js';
import { createRouter } from '../../../../relay-node/src/http/router.js';
import { createStaticAssets } from '../../../../relay-node/src/http/static-assets.js';
import { createMetrics } from '../../../../relay-node/src/metrics.js';

const healthWith = async (source: Partial<RelayRoutesSource>): Promise<{ status: number; body: unknown }> => {
  const server = (): never => {
    throw new Error('not asked for here');
  };
  const handle = createRouter(
    createRelayRoutes({
      hosts: new Map(),
      metrics: createMetrics({ hosts: () => [], server, opensRefused: () => 0 }),
      assets: createStaticAssets([]),
      uptimeMs: () => 1_234.5,
      engine: () => 'ws',
      ...source,
    }),
  );
  const request = {
    method: 'GET',
    path: '/health',
    query: '',
    remoteAddress: '::1',
    body: new Uint8Array(0),
  };
  const reply = await handle({ ...request, header: () => undefined });
  return { status: reply.status, body: JSON.parse(String(reply.body)) };
};

describe('the health of a relay', () => {
  it('is 200 and ok while it serves', async () => {
    expect(await healthWith({})).toEqual({
      status: 200,
      body: { status: 'ok', problems: [], uptimeMs: 1_235, engine: 'ws', channels: [] },
    });
    expect((await healthWith({ isDraining: () => false, problems: () => [] })).status).toBe(200);
  });

  it('is 503 with the reasons when something keeps viewers from it', async () => {
    const why = 'The certificate expired.';
    const { status, body } = await healthWith({ problems: () => [why] });
    expect([status, body]).toEqual([503, expect.objectContaining({ status: 'failing', problems: [why] })]);
  });

  it('is 503 and draining while it moves its viewers away, whatever else is wrong', async () => {
    const { status, body } = await healthWith({ isDraining: () => true, problems: () => ['x'] });
    expect([status, body]).toEqual([503, expect.objectContaining({ status: 'draining' })]);
  });
});
