import { encodeAddress } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { searchRelays } from '../../../../viewer/src/app/relay-search.js';
import { readWatchOptions } from '../../../../viewer/src/app/watch-options.js';

const key = new Uint8Array(32).fill(7);
const link = `freshet:${encodeAddress(key)}`;
const none = (): void => undefined;

describe('a link that names no relay', () => {
  it('will do where relays can be searched for', () => {
    expect(readWatchOptions(link, undefined, {}, true).relays).toEqual([]);
    expect(() => readWatchOptions(link, undefined, {}, false)).toThrow('--relay');
  });

  it('is searched for by its key, with the flags that were given', async () => {
    const asked: unknown[] = [];
    const find = async ({ channelKey, flags }: { channelKey: Uint8Array; flags: object }) => {
      asked.push(channelKey, flags);
      return ['https://one.example', 'https://two.example'];
    };
    const found = await searchRelays({ addOptions: none, find }, link, { dht: false }, none);
    expect(found).toEqual(['https://one.example', 'https://two.example']);
    expect(asked).toEqual([key, { dht: false }]);
  });

  it('of which nobody is found says so, and what to do', async () => {
    const listeners = process.listenerCount('SIGINT');
    const search = searchRelays({ addOptions: none, find: async () => [] }, link, {}, none);
    await expect(search).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('--relay'),
    });
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });

  it('is not searched for any longer after Ctrl-C', async () => {
    const find = ({ signal }: { signal: AbortSignal }) =>
      new Promise<readonly string[]>((resolve) => signal.addEventListener('abort', () => resolve([])));
    const search = searchRelays({ addOptions: none, find }, link, {}, none);
    process.emit('SIGINT');
    await expect(search).rejects.toMatchObject({ kind: 'unreachable' });
  });
});
