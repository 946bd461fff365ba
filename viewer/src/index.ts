/** The viewer: gets a channel's verified media from relays and plays it. */

export { createVerifier } from './crypto/verifier.js';
export type { VerifyEffect } from './crypto/verify-effect.js';
export type { DialEffect, ViewerLink, ViewerLinkHandlers } from './link/link.js';
export type { CreateFeed, Feed, FeedEvent, FeedStats, FeedStatus } from './playback/feed.js';
export { createSessionFeed, type FeedOptions, type FeedPlatform } from './session-feed.js';
