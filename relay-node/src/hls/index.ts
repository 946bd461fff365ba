/** HLS and low-latency HLS made of a channel's own pieces. */

export { HlsChannel } from './hls-channel.js';
export { HlsServer, type HlsServerOptions } from './hls-server.js';
export type { RenditionRun, SegmentInfo, SegmentStore } from './segment-store.js';
