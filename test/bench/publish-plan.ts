/** What a fan-out bench sends, the same for every server that is compared. */

/** How much to publish and how fast. */
export type PublishPlan = {
  /** Port of 127.0.0.1 to serve; 0 for any free one. */
  readonly port: number;
  /** Sizes of the messages, used in turn; each at least 8, for the number and the time it carries. */
  readonly messageBytes: readonly number[];
  /** Messages a second. */
  readonly ratePerS: number;
  readonly durationS: number;
};

/** Reads a plan from JSON; every field has a default. Throws on one that makes no sense. */
export const parsePublishPlan = (json: string): PublishPlan => {
  const given: unknown = JSON.parse(json === '' ? '{}' : json);
  const fields = new Map(Object.entries(typeof given === 'object' && given !== null ? given : {}));
  const number = (name: string, fallback: number): number => {
    const value = fields.get(name) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw new RangeError(`${name} must be a number from 0 on.`);
    }
    return value;
  };
  const sizes: unknown = fields.get('messageBytes') ?? [12_000];
  const messageBytes = (Array.isArray(sizes) ? sizes : [sizes]).map(Number);
  if (messageBytes.length === 0 || !messageBytes.every((size) => Number.isSafeInteger(size) && size >= 8)) {
    throw new RangeError('messageBytes must be whole numbers from 8 on.');
  }
  return {
    port: number('port', 0),
    messageBytes,
    ratePerS: number('ratePerS', 60),
    durationS: number('durationS', 10),
  };
};

/** What one run of a plan cost the process that published. */
export type PublishReport = {
  /** Messages published. */
  readonly messageCount: number;
  /** Bytes of the messages, once each, whoever got them. */
  readonly publishedBytes: number;
  /** CPU of the whole process while publishing, and half a second longer for what was waiting. */
  readonly cpuUserS: number;
  readonly cpuSystemS: number;
  readonly elapsedS: number;
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Time left after the last message for it to leave. */
const DRAIN_MS = 500;

/** Publishes by the plan, evenly paced, and measures what it cost. Behind schedule, it catches up in bursts of 8. */
export const runPublishPlan = async (
  plan: PublishPlan,
  publish: (bytes: Uint8Array) => void,
): Promise<PublishReport> => {
  const messages = plan.messageBytes.map((size) => Buffer.alloc(size, 0x5a));
  const messageCount = Math.round(plan.ratePerS * plan.durationS);
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  let publishedBytes = 0;
  let published = 0;
  while (published < messageCount) {
    const dueCount = Math.floor(((performance.now() - startedMs) / 1000) * plan.ratePerS) + 1;
    for (let burst = 0; burst < 8 && published < Math.min(dueCount, messageCount); burst += 1) {
      const message = messages[published % messages.length];
      if (message === undefined) break;
      message.writeUInt32BE(published, 0);
      publish(message);
      publishedBytes += message.length;
      published += 1;
    }
    const nextMs = (published / plan.ratePerS) * 1000 - (performance.now() - startedMs);
    await sleep(Math.max(0, nextMs));
  }
  await sleep(DRAIN_MS);
  const cpu = process.cpuUsage(cpuBefore);
  return {
    messageCount,
    publishedBytes,
    cpuUserS: cpu.user / 1e6,
    cpuSystemS: cpu.system / 1e6,
    elapsedS: (performance.now() - startedMs) / 1000,
  };
};
