/** What the uplink does, out of the browser's statistics. */

/** Figures of the last second or so. */
export type Uplink = {
  /** Bits per second. */
  readonly bitrate: number;
  /** Share of packets that the other end missed at first, 0 to 1. */
  readonly loss: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Milliseconds; `undefined` before the first report. */
  readonly roundTripMs: number | undefined;
  /** What holds the picture back. */
  readonly limit: 'none' | 'cpu' | 'bandwidth' | 'other';
};

type Totals = {
  readonly at: number;
  readonly bytes: number;
  readonly packets: number;
  readonly again: number;
};

/** Makes figures of totals. */
export class UplinkMeter {
  #last: Totals | undefined;

  /** `undefined` for the first report, and where there is no video. */
  take(report: RTCStatsReport, now: number): Uplink | undefined {
    let bytes = 0;
    let packets = 0;
    let again = 0;
    let picture: { width: number; height: number; fps: number; limit: Uplink['limit'] } | undefined;
    let roundTripMs: number | undefined;
    for (const entry of report.values()) {
      if (entry.type === 'outbound-rtp') {
        bytes += entry.bytesSent ?? 0;
        packets += entry.packetsSent ?? 0;
        again += entry.retransmittedPacketsSent ?? 0;
        if (entry.kind === 'video')
          picture = {
            width: entry.frameWidth ?? 0,
            height: entry.frameHeight ?? 0,
            fps: entry.framesPerSecond ?? 0,
            limit: entry.qualityLimitationReason ?? 'none',
          };
      }
      if (entry.type === 'candidate-pair' && entry.nominated && entry.currentRoundTripTime !== undefined)
        roundTripMs = entry.currentRoundTripTime * 1000;
    }
    const last = this.#last;
    this.#last = { at: now, bytes, packets, again };
    if (!last || !picture || now <= last.at || bytes < last.bytes) return undefined;
    const sent = packets - last.packets;
    return {
      ...picture,
      bitrate: ((bytes - last.bytes) * 8_000) / (now - last.at),
      // What is asked for again was lost: the share that came through at once is what the line is like.
      loss: sent > 0 ? Math.min(1, Math.max(0, (again - last.again) / sent)) : 0,
      roundTripMs,
    };
  }
}
