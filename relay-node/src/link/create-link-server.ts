import type { LinkEngine, LinkServer, LinkServerOptions } from './link-server.js';
import { EngineError, loadUws, type UwsModule } from './uws-api.js';
import { UwsServer } from './uws-server.js';
import { WsServer } from './ws-server.js';

/** Which engine to use, and how to find the native one. */
export type EngineChoice = {
  /** Forces an engine; an EngineError when it is the native one and does not load. */
  readonly engine?: LinkEngine | undefined;
  /** Replaces the loading of the native engine. */
  readonly load?: (() => UwsModule) | undefined;
};

/**
 * Makes the relay's port: on uWebSockets.js where its binary loads, else on `ws`, with one line in the log that says
 * so. Nothing is open until `listen`.
 */
export const createLinkServer = <Context>(options: LinkServerOptions<Context> & EngineChoice): LinkServer => {
  const load = options.load ?? loadUws;
  if (options.engine === 'ws') return new WsServer(options);
  try {
    return new UwsServer(load(), options);
  } catch (cause) {
    if (!(cause instanceof EngineError) || options.engine === 'uWebSockets.js') throw cause;
    options.log('uWebSockets.js does not load on this machine; serving with ws, at more CPU per viewer.');
    return new WsServer(options);
  }
};
