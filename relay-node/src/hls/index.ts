/**
 * HLS and low-latency HLS made of a channel's own pieces, for players that are not ours. Below `/hls/<channel address>/`:
 *
 * | address | what |
 * |---|---|
 * | `index.m3u8` | the multivariant playlist: what to give to a player |
 * | `window.m3u8` | the same with everything that is held: to rewind to the start of the window |
 * | `<rendition>/live.m3u8`, `<rendition>/window.m3u8` | their media playlists, with parts, blocking reload and delta updates |
 * | `<rendition>/init-<epoch>.mp4` | initialisation segments |
 * | `<rendition>/segment-<number>-<capture time>.m4s` | segments; the name never means anything else |
 * | `<rendition>/part-<run>-<number>.m4s` | parts, also the one that comes next |
 *
 * A separate path for the window, and no parameter: caches and players leave parameters out.
 */

export { HlsChannel } from './hls-channel.js';
export { HlsServer, type HlsServerOptions } from './hls-server.js';
export type { RenditionRun, SegmentInfo, SegmentStore } from './segment-store.js';
