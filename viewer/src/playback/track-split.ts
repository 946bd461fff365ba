/**
 * Takes the sound out of a muxed stream, so that picture and sound can be played side by side. Pure: bytes in, bytes
 * out, and no bytes make it throw.
 *
 * Boxes of the other track are renamed to `free`, which parsers skip: nothing moves, so no offset has to be mended.
 */

import { Cmaf, type Rendition } from '@freshet/proto';
import type { MediaFormat } from './append-queue.js';

/** One track of a rendition as a stream of its own. */
export type TrackStream = { readonly trackId: number; readonly format: MediaFormat };

const FREE = [0x66, 0x72, 0x65, 0x65] as const;
/** `trex` and `tfhd` both start with version and flags, then the track's id. */
const TRACK_ID_AT = 4;

/** Picture and sound of a rendition; `undefined` when it does not have exactly one video and one audio track. */
export const splitRendition = (
  rendition: Rendition,
): { readonly picture: TrackStream; readonly sound: TrackStream } | undefined => {
  const tracks = Cmaf.parseInit(rendition.initSegment)?.tracks ?? [];
  const picture = tracks.find((track) => track.kind === 'video');
  const sound = tracks.find((track) => track.kind === 'audio');
  if (tracks.length !== 2 || picture === undefined || sound === undefined) return undefined;
  const streamOf = (track: Cmaf.Track, index: number): TrackStream => ({
    trackId: track.id,
    format: {
      mimeType: `${track.kind}/mp4; codecs="${track.codec}"`,
      initSegment: keepTrack(rendition.initSegment, index, track.id),
    },
  });
  return {
    picture: streamOf(picture, tracks.indexOf(picture)),
    sound: streamOf(sound, tracks.indexOf(sound)),
  };
};

/**
 * The fragments of one track in a chunk, in parts; empty when there is none. The parts may share the chunk's memory.
 */
export const splitChunk = (bytes: Uint8Array, trackId: number): Uint8Array[] => {
  const parts: Uint8Array[] = [];
  let isKept = true;
  for (const box of Cmaf.childBoxes(bytes, 0, bytes.length)) {
    if (box.type === 'moof') {
      const moof = keepFragments(bytes, box, trackId);
      isKept = moof !== undefined;
      if (moof !== undefined) parts.push(moof);
    } else if (isKept) {
      parts.push(bytes.subarray(box.start, box.end));
    }
  }
  return parts.length > 0 && parts.some((part) => isMoof(part)) ? parts : [];
};

const keepTrack = (initSegment: Uint8Array, index: number, trackId: number): Uint8Array => {
  const kept = initSegment.slice();
  const moov = Cmaf.findBox(kept, 0, kept.length, 'moov');
  if (moov === undefined) return kept;
  let trak = 0;
  for (const box of Cmaf.childBoxes(kept, moov.bodyStart, moov.end)) {
    if (box.type === 'trak') {
      if (trak !== index) kept.set(FREE, box.start + 4);
      trak += 1;
    } else if (box.type === 'mvex') {
      for (const trex of Cmaf.childBoxes(kept, box.bodyStart, box.end)) {
        if (trex.type === 'trex' && trackIdIn(kept, trex) !== trackId) kept.set(FREE, trex.start + 4);
      }
    }
  }
  return kept;
};

const keepFragments = (bytes: Uint8Array, moof: Cmaf.Box, trackId: number): Uint8Array | undefined => {
  const kept = bytes.slice(moof.start, moof.end);
  let count = 0;
  for (const box of Cmaf.childBoxes(kept, moof.bodyStart - moof.start, kept.length)) {
    if (box.type !== 'traf') continue;
    const tfhd = Cmaf.findBox(kept, box.bodyStart, box.end, 'tfhd');
    if (tfhd !== undefined && trackIdIn(kept, tfhd) === trackId) count += 1;
    else kept.set(FREE, box.start + 4);
  }
  return count > 0 ? kept : undefined;
};

const trackIdIn = (bytes: Uint8Array, box: Cmaf.Box): number | undefined => {
  const at = box.bodyStart + TRACK_ID_AT;
  if (at + 4 > box.end) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
};

const isMoof = (part: Uint8Array): boolean => Cmaf.findBox(part, 0, part.length, 'moof') !== undefined;
