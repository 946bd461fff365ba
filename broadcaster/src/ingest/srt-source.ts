/** An SRT listener as a source: for lossy uplinks. */

import { requireFeature } from '../encode/find-ffmpeg.js';
import { createListenerSource } from './listener.js';
import type { MediaSource } from './media-event.js';
import type { SourceSetup } from './pipeline-options.js';
import { checkPort, type ListenPlace } from './port-check.js';
import type { PublishOptions } from './rtmp-source.js';
import { SourceError } from './source-error.js';

/** Port that is listened on unless another is given. */
export const SRT_PORT_DEFAULT = 9000;

/** SRT's own limits on its passphrase, which the stream key is. */
export const SRT_KEY_CHARACTERS = { min: 10, max: 79 } as const;

/** Time SRT has to send lost packets again; the publisher may ask for more. */
const LATENCY_US = 120_000;

/**
 * Takes `srt://HOST:PORT` with the stream key as passphrase; SRT itself refuses any other.
 *
 * Rejects when the port is taken, the key does not fit, or ffmpeg cannot do SRT.
 */
export async function createSrtSource(setup: SourceSetup, options: PublishOptions): Promise<MediaSource> {
  requireFeature(setup.ffmpeg, 'SRT');
  const { length } = options.streamKey;
  if (length < SRT_KEY_CHARACTERS.min || length > SRT_KEY_CHARACTERS.max) {
    const { min, max } = SRT_KEY_CHARACTERS;
    const message = `The stream key has ${length} characters, but SRT needs ${min} to ${max}; choose another one.`;
    throw new SourceError('bad-option', message);
  }
  const place: ListenPlace = { transport: 'udp', host: options.host, port: options.port, name: 'SRT' };
  await checkPort(place);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return createListenerSource({
    setup,
    place,
    url: `srt://${host}:${options.port}?mode=listener`,
    inputOptions: [
      ...['-passphrase', options.streamKey, '-enforced_encryption', '1'],
      ...['-latency', String(LATENCY_US), '-f', 'data'],
    ],
  });
}
