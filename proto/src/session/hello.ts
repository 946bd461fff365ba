/** The hello of a session. */

import type { Hello } from '../wire/control.js';
import { Capability, VERSION_MAX, VERSION_MIN } from '../wire/version.js';
import type { SessionOptions } from './context.js';

/** What this node says first on every link. */
export function ownHello(options: SessionOptions): Hello {
  const { tree, mesh, cell, role, audience } = options;
  const { stripes, mesh: meshed, tree: treed, poster, audience: counted } = Capability;
  return {
    kind: 'hello',
    versionMin: VERSION_MIN,
    versionMax: VERSION_MAX,
    capabilities: [
      stripes,
      ...(mesh || cell ? [meshed] : []),
      treed,
      ...(role === 'viewer' ? [] : [poster]),
      ...(audience || role === 'viewer' ? [counted] : []),
    ],
    channelKey: options.channelKey,
    role: role === 'viewer' ? 'viewer' : 'relay',
    agent: options.agent,
    ...(tree?.origin !== undefined && { origin: tree.origin }),
  };
}
