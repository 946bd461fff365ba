/**
 * The three times of Freshet, as branded numbers so that the compiler keeps them apart.
 *
 * The core never reads a clock: every time it knows was handed to it.
 */

declare const monoBrand: unique symbol;
declare const mediaBrand: unique symbol;
declare const wallBrand: unique symbol;

/** Milliseconds on a node's own monotonic clock. The only time the core computes with. */
export type MonoMs = number & { readonly [monoBrand]: true };

/** Microseconds of presentation time since the start of the broadcast's media. */
export type MediaUs = number & { readonly [mediaBrand]: true };

/** Unix milliseconds on the broadcaster's wall clock: epochs, capture times and glass-to-glass latency. */
export type WallMs = number & { readonly [wallBrand]: true };

/** Brands a number of milliseconds read from a monotonic clock. */
export const monoMs = (value: number): MonoMs => value as MonoMs;

/** Brands a number of microseconds of presentation time. */
export const mediaUs = (value: number): MediaUs => value as MediaUs;

/** Brands a number of Unix milliseconds. */
export const wallMs = (value: number): WallMs => value as WallMs;

/** The instant `deltaMs` after `time` (before it, when negative). */
export const addMs = (time: MonoMs, deltaMs: number): MonoMs => (time + deltaMs) as MonoMs;
