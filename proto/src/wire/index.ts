/** What travels on a link: frames, control messages, close codes, versions. */

export * from './close-code.js';
export * from './control.js';
export * from './frame.js';
export type { Edge, MeshMessage } from './mesh-messages.js';
export type { Playing } from './playing.js';
export type { NodeId, Path, Redirect, TreeMessage } from './tree-messages.js';
export * from './version.js';
