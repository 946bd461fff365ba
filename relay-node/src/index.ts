/** The relay: takes channels from a parent or from the broadcaster beside it, and serves viewers and child relays. */

export { ChannelHost } from './channel-host.js';
export { createKeyPair, type KeyPair, keyPairOf, sha256, verifyNow } from './crypto/ed25519.js';
export * from './discovery/index.js';
export { addDoctorCommand } from './doctor/doctor-command.js';
export { type DtlsHandlers, DtlsSession, type SrtpKeys } from './edge/dtls-session.js';
export { createEdgeCertificate, type EdgeCertificate } from './edge/edge-certificate.js';
export { EdgeError } from './edge/edge-error.js';
export { bindEdgeSocket } from './edge/edge-socket.js';
export { decodeIceCheck, encodeIceAnswer, type IceCredentials } from './edge/ice-message.js';
export { HlsChannel, HlsServer, type HlsServerOptions } from './hls/index.js';
export {
  type HttpHandler,
  type HttpReply,
  type HttpRequest,
  jsonReply,
  textReply,
} from './http/http-message.js';
export { pictureTypeOf } from './http/picture-type.js';
export { createRouter, type Route } from './http/router.js';
export { createStaticAssets, readAssetFolder } from './http/static-assets.js';
export { LINK_LIMITS } from './link/link-limits.js';
export type { LinkEngine } from './link/link-server.js';
export { ListenError } from './link/listen-error.js';
export { headerOf, NodeHttp, refuseUpgrade, splitTarget } from './link/node-http.js';
export { AGENT, type ChannelPublisher, Relay, type RelayOptions, startRelay } from './relay.js';
export { addRelayCommand } from './relay-command.js';
export { SourceLimiter } from './stun/source-limiter.js';
export type { Upstream } from './tree/on-demand.js';
export {
  DiskWindow,
  type DiskWindowOptions,
  openDiskWindow,
  WINDOW_BYTES_DEFAULT,
  WindowError,
} from './window/index.js';
