import { describe, expect, it } from 'vitest';
import { textReply } from '../../../../relay-node/src/http/http-message.js';
import { createLinkServer, type EngineChoice } from '../../../../relay-node/src/link/create-link-server.js';
import { EngineError } from '../../../../relay-node/src/link/uws-api.js';

const missing = (): never => {
  throw new EngineError(new Error('no binary for this machine'));
};

const create = (choice: EngineChoice): { engine: string; logged: string[] } => {
  const logged: string[] = [];
  const server = createLinkServer({
    port: 0,
    acceptLink: () => true,
    handlers: {
      onOpen: () => undefined,
      onMessage: () => undefined,
      onWritable: () => undefined,
      onOverflow: () => undefined,
      onClose: () => undefined,
    },
    handleHttp: () => textReply(200, ''),
    log: (line) => logged.push(line),
    ...choice,
  });
  return { engine: server.engine, logged };
};

describe('the choice of an engine', () => {
  it('falls back to ws where the native one does not load, and says so in one line', () => {
    expect(create({ load: missing })).toEqual({
      engine: 'ws',
      logged: ['uWebSockets.js does not load on this machine; serving with ws, at more CPU per viewer.'],
    });
  });

  it('says nothing when ws was asked for', () => {
    expect(create({ engine: 'ws', load: missing })).toEqual({ engine: 'ws', logged: [] });
  });

  it('fails, with the way out, when the native one was asked for and does not load', () => {
    expect(() => create({ engine: 'uWebSockets.js', load: missing })).toThrow(
      'uWebSockets.js does not load on this machine. Leave the engine unset to serve with ws instead.',
    );
  });

  it('does not hide a mistake of ours as a missing engine', () => {
    const broken = (): never => {
      throw new TypeError('a mistake');
    };
    expect(() => create({ load: broken })).toThrow(TypeError);
  });
});
