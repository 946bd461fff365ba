/** Where a broadcast can be watched, and what else a person is told once it can. */

import { appLink, encodeAddress, watchLink } from '@freshet/proto';
import type { Relay } from '@freshet/relay-node';
import type { MediaSourceOptions } from '../ingest/media-source.js';
import { channelKeyOf, type HeldKey } from '../keys/key-file.js';
import type { ShareLinks } from '../show/show-part.js';
import { lanAddress } from './lan-address.js';
import type { LiveReady } from './live-view.js';

/** What the links follow from. */
export type LinkSetup = {
  readonly relay: Pick<Relay, 'port'>;
  readonly key: HeldKey;
  /** Address that the relay listens on; every interface when left out. */
  readonly host?: string | undefined;
  /** Origin under which others reach the relay. */
  readonly publicUrl?: string | undefined;
};

/** What is known besides. */
export type ReadySetup = LinkSetup & {
  readonly title: string;
  readonly source: MediaSourceOptions;
  readonly keyFile: string;
  readonly isNewKey: boolean;
  readonly streamKey: string;
};

/** Where others watch, with what is there for this machine only as the last resort. */
export function shareLinksOf(setup: LinkSetup): ShareLinks {
  const { watch, share, app } = linksOf(setup);
  return { watch: share ?? watch, isLocal: share === undefined, app };
}

/** Everything but the control room, which opens after it. */
export function describeReady(setup: ReadySetup): LiveReady {
  const { source, title, key, keyFile, isNewKey, streamKey } = setup;
  const { lan, ...links } = linksOf(setup);
  const listener = source.rtmpPort !== undefined ? 'rtmp' : source.srtPort !== undefined ? 'srt' : undefined;
  const machine = lan ?? 'localhost';
  const url =
    listener === 'rtmp' ? `rtmp://${machine}:${source.rtmpPort}/live` : `srt://${machine}:${source.srtPort}`;
  return {
    title,
    address: encodeAddress(channelKeyOf(key)),
    ...links,
    control: undefined,
    keyFile,
    isNewKey,
    push: listener && { url, streamKey },
  };
}

function linksOf({ relay, key, host, publicUrl }: LinkSetup) {
  const channelKey = channelKeyOf(key);
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::';
  const local = `http://${isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${relay.port}`;
  const lan = isEverywhere ? lanAddress() : undefined;
  const share = publicUrl ?? (lan ? `http://${lan}:${relay.port}` : undefined);
  return {
    lan,
    watch: watchLink(local, channelKey),
    share: share === undefined ? undefined : watchLink(share, channelKey),
    app: appLink({ channelKey, relays: [share ?? local] }),
  };
}
