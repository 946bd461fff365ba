/** The H.264 encoders that ffmpeg may have, and how each is asked for the same thing. */

/** libx264, or hardware. */
export type VideoEncoder = 'x264' | 'nvenc' | 'qsv' | 'vaapi' | 'videotoolbox';

/** x264's, from the best picture to the least work. */
export const PRESETS = ['veryfast', 'superfast', 'ultrafast'] as const;

/** One of `PRESETS`. */
export type Preset = (typeof PRESETS)[number];

/** All of them; hardware first, in the order in which it is preferred. */
export const VIDEO_ENCODERS: readonly VideoEncoder[] = ['nvenc', 'qsv', 'vaapi', 'videotoolbox', 'x264'];

/** Names of ffmpeg's encoders. */
export const CODEC_NAMES: Readonly<Record<VideoEncoder, string>> = {
  x264: 'libx264',
  nvenc: 'h264_nvenc',
  qsv: 'h264_qsv',
  vaapi: 'h264_vaapi',
  videotoolbox: 'h264_videotoolbox',
};

/** Render node of the first graphics card, which VA-API is asked on. */
export const VAAPI_DEVICE = '/dev/dri/renderD128';

/** What has to stand before `-i`. */
export function deviceOptions(encoder: VideoEncoder): readonly string[] {
  return encoder === 'vaapi' ? ['-vaapi_device', VAAPI_DEVICE] : [];
}

/** What the picture goes through last, for the encoders that take other pixels than memory holds. */
export function encoderFilters(encoder: VideoEncoder): readonly string[] {
  if (encoder === 'vaapi') return ['format=nv12', 'hwupload'];
  return encoder === 'qsv' ? ['format=nv12'] : [];
}

/**
 * Codec and rate: each frame leaves at once, without B-frames or look-ahead; a forced keyframe is one that decoding
 * can begin at; the bit rate holds over every second. Options by ffmpeg's documentation of each encoder.
 */
export function encoderOptions(options: {
  readonly encoder: VideoEncoder;
  readonly preset: Preset;
  readonly kbps: number;
}): readonly string[] {
  const { encoder, preset, kbps } = options;
  const pixels = encoderFilters(encoder).length > 0 ? [] : ['-pix_fmt', 'yuv420p'];
  const codec = ['-c:v', CODEC_NAMES[encoder], '-profile:v', 'high', '-bf', '0', ...pixels];
  const rate = ['-b:v', `${kbps}k`, '-maxrate', `${kbps}k`, '-bufsize', `${kbps}k`];
  switch (encoder) {
    case 'x264':
      return [...codec, '-preset', preset, '-tune', 'zerolatency', '-sc_threshold', '0', ...rate];
    case 'nvenc':
      return [
        ...codec,
        ...['-preset', 'p4', '-tune', 'ull', '-rc', 'cbr', '-delay', '0', '-zerolatency', '1'],
        ...['-forced-idr', '1', '-no-scenecut', '1', ...rate],
      ];
    case 'qsv':
      return [...codec, '-preset', 'veryfast', '-async_depth', '1', '-forced_idr', '1', ...rate];
    case 'vaapi':
      return [...codec, '-rc_mode', 'CBR', '-async_depth', '1', ...rate];
    case 'videotoolbox':
      return [...codec, '-realtime', '1', '-allow_sw', '0', ...rate];
  }
}
