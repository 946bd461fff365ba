import { describe, expect, it } from 'vitest';
import {
  type ListedSegment,
  type MediaPlaylist,
  writeMediaPlaylist,
} from '../../../../relay-node/src/hls/media-playlist.js';
import { writeMultivariantPlaylist } from '../../../../relay-node/src/hls/multivariant-playlist.js';
import { EPOCH, rendition } from './broadcast.js';

const segment = (index: number, more: Partial<ListedSegment> = {}): ListedSegment => ({
  uri: `s${index}.m4s`,
  durationUs: 2_000_000,
  captureMs: EPOCH + index * 2_000,
  isDiscontinuity: false,
  isGap: false,
  mapUri: 'init-1.mp4',
  parts: [],
  ...more,
});

const playlist = (more: Partial<MediaPlaylist>): MediaPlaylist => ({
  firstSequence: 100,
  discontinuitySequence: 0,
  segments: [],
  skippedCount: 0,
  isIndependent: true,
  hintUri: undefined,
  reports: [],
  isEnded: false,
  ...more,
});

const HEAD = `#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.00000,HOLD-BACK=6.00000,PART-HOLD-BACK=0.88000
#EXT-X-PART-INF:PART-TARGET=0.22000
`;

describe('the media playlist', () => {
  it('lists segments, parts, a break, the hint and other renditions as clauses 4.4.3 to 4.4.5 want them', () => {
    const part = { uri: 'p1.m4s', durationUs: 200_000, isIndependent: true };
    const text = writeMediaPlaylist(
      playlist({
        discontinuitySequence: 3,
        segments: [
          segment(0),
          segment(1, { parts: [part, { ...part, uri: 'p2.m4s', isIndependent: false }] }),
          segment(2, { uri: undefined, isDiscontinuity: true, mapUri: 'init-2.mp4', parts: [part] }),
        ],
        hintUri: 'p3.m4s',
        reports: [
          { uri: '../2/live.m3u8', lastSequence: 101, lastPart: 4 },
          { uri: '../3/live.m3u8', lastSequence: 99, lastPart: undefined },
        ],
      }),
    );
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:6
${HEAD}#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:3
#EXT-X-MAP:URI="init-1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z
#EXTINF:2.00000,
s0.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:02.000Z
#EXT-X-PART:DURATION=0.20000,URI="p1.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.20000,URI="p2.m4s"
#EXTINF:2.00000,
s1.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init-2.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:04.000Z
#EXT-X-PART:DURATION=0.20000,URI="p1.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p3.m4s"
#EXT-X-RENDITION-REPORT:URI="../2/live.m3u8",LAST-MSN=101,LAST-PART=4
#EXT-X-RENDITION-REPORT:URI="../3/live.m3u8",LAST-MSN=99
`);
  });

  it('leaves out in a delta update what the player has, under version 9', () => {
    const text = writeMediaPlaylist(playlist({ segments: [segment(2)], skippedCount: 2 }));
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:9
${HEAD}#EXT-X-MEDIA-SEQUENCE:100
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-SKIP:SKIPPED-SEGMENTS=2
#EXT-X-MAP:URI="init-1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:04.000Z
#EXTINF:2.00000,
s2.m4s
`);
  });

  it('marks what is missing as a gap, and the end of the broadcast', () => {
    const text = writeMediaPlaylist(
      playlist({ segments: [segment(0, { isGap: true })], isIndependent: false, isEnded: true }),
    );
    expect(text).toContain('#EXT-X-VERSION:8\n#EXT-X-TARGETDURATION:2\n');
    expect(text).toMatch(/#EXT-X-GAP\n#EXTINF:2.00000,\ns0.m4s\n#EXT-X-ENDLIST\n$/);
  });
});

describe('the multivariant playlist', () => {
  it('names each rendition with what players choose by', () => {
    const text = writeMultivariantPlaylist([
      { rendition: rendition(1), peakBitrate: 1_234_567.8, uri: '1/live.m3u8' },
      {
        rendition: { ...rendition(2), bitrate: 0, width: 0, height: 0, frameRateMilli: 0 },
        peakBitrate: 0,
        uri: '2/live.m3u8',
      },
    ]);
    expect(text).toBe(`#EXTM3U
#EXT-X-VERSION:6
#EXT-X-STREAM-INF:BANDWIDTH=1234568,AVERAGE-BANDWIDTH=800000,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=30.000
1/live.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=4000000,CODECS="avc1.64001e,mp4a.40.2"
2/live.m3u8
`);
  });

  it('lets no codec text of a broadcaster end its line', () => {
    const hostile = { ...rendition(1), mimeType: 'video/mp4; codecs="a\n#EXT-X-ENDLIST\n"' };
    const text = writeMultivariantPlaylist([{ rendition: hostile, peakBitrate: 0, uri: '1/live.m3u8' }]);
    expect(text).not.toContain('ENDLIST');
    expect(text).not.toContain('CODECS');
  });
});
