/** An RTMP listener as a source: what OBS and most encoders speak. */

import { requireFeature } from '../encode/find-ffmpeg.js';
import { createListenerSource } from './listener.js';
import type { MediaSource } from './media-event.js';
import type { SourceSetup } from './pipeline-options.js';
import { checkPort, type ListenPlace } from './port-check.js';

/** Port that encoders assume. */
export const RTMP_PORT_DEFAULT = 1935;

/** First part of the path, which encoders call the application. */
export const RTMP_APPLICATION = 'live';

/** A connection on which nothing is said for this long is closed, so that it cannot keep publishers out. */
const QUIET_CONNECTION_US = '10000000';

/** Where to listen, and for whom. */
export type PublishOptions = { readonly host: string; readonly port: number; readonly streamKey: string };

/** Takes `rtmp://HOST:PORT/live/KEY`. Rejects when the port is taken or ffmpeg cannot do RTMP. */
export async function createRtmpSource(setup: SourceSetup, options: PublishOptions): Promise<MediaSource> {
  requireFeature(setup.ffmpeg, 'RTMP');
  const place: ListenPlace = { transport: 'tcp', host: options.host, port: options.port, name: 'RTMP' };
  await checkPort(place);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return createListenerSource({
    setup,
    place,
    url: `rtmp://${host}:${options.port}/${RTMP_APPLICATION}/${options.streamKey}`,
    inputOptions: [
      ...['-rw_timeout', QUIET_CONNECTION_US, '-listen', '1'],
      ...['-rtmp_app', RTMP_APPLICATION, '-rtmp_playpath', options.streamKey, '-f', 'data'],
    ],
  });
}
