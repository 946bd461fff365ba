/** The hello of a session. */

import type { Hello } from '../wire/control.js';
import { Capability, VERSION_MAX, VERSION_MIN } from '../wire/version.js';
import type { SessionOptions } from './context.js';

/** What this node says first on every link. */
export function ownHello(options: SessionOptions): Hello {
  return {
    kind: 'hello',
    versionMin: VERSION_MIN,
    versionMax: VERSION_MAX,
    capabilities: options.mesh || options.cell ? [Capability.stripes, Capability.mesh] : [Capability.stripes],
    channelKey: options.channelKey,
    role: options.role === 'viewer' ? 'viewer' : 'relay',
    agent: options.agent,
  };
}
