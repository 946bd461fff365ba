/** The rows of the statistics. Pure. */

import type { MeshStats } from '@freshet/proto';
import { formatBitrate, formatBytes, formatCount, formatMs, formatPicture } from './figures.js';
import type { PlayerStats } from './viewing.js';
import { helpedWords, STATS_WORDS } from './words.js';

/** A label and its text. */
export type StatsRow = readonly [string, string];

/** Label and text of every row, in order. */
export const statsRows = (stats: PlayerStats): readonly StatsRow[] => [
  ...(stats.mesh === undefined ? [] : meshRows(stats.mesh)),
  [STATS_WORDS.target, `${formatMs(stats.targetMs)} · jitter ${formatMs(stats.jitterMs)}`],
  [STATS_WORDS.bitrate, formatBitrate(stats.bitrate)],
  [STATS_WORDS.picture, formatPicture(stats.width, stats.height, stats.framesPerSecond)],
  [STATS_WORDS.droppedFrames, formatCount(stats.framesDropped)],
  [STATS_WORDS.stalls, formatCount(stats.stallCount)],
  [STATS_WORDS.verified, formatCount(stats.piecesVerified)],
  [STATS_WORDS.refused, formatCount(stats.piecesRefused)],
  [STATS_WORDS.received, formatBytes(stats.bytesReceived)],
  [STATS_WORDS.roundTrip, `${formatMs(stats.rttMs)} · from ${formatCount(stats.parents)}`],
  [STATS_WORDS.rendition, stats.renditionName || '–'],
  [STATS_WORDS.codec, stats.codecs || '–'],
  [STATS_WORDS.epoch, stats.epoch === undefined ? '–' : String(stats.epoch)],
  [STATS_WORDS.firstFrame, stats.firstFrameMs === undefined ? '–' : `after ${formatMs(stats.firstFrameMs)}`],
];

const meshRows = (mesh: MeshStats): readonly StatsRow[] => [
  [STATS_WORDS.passedOn, `${formatBytes(mesh.bytesToPeers)} · ${helpedWords(mesh.helpedCount)}`],
  [STATS_WORDS.uplink, mesh.uplinkBps > 0 ? formatBitrate(mesh.uplinkBps) : STATS_WORDS.off],
  [
    STATS_WORDS.neighbours,
    `${formatCount(mesh.neighbourCount)} · ${mesh.stripesFromPeers} of ${mesh.stripeCount} stripes`,
  ],
  [
    STATS_WORDS.repairs,
    mesh.piecesRequested === 0
      ? '0'
      : `${formatCount(mesh.piecesRepaired)} of ${formatCount(mesh.piecesRequested)}`,
  ],
];
