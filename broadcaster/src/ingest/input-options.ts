/** ffmpeg's options before `-i`, by kind of source. */

/**
 * A time that is more than 10 s off what the frames before it let expect is not believed, and counting goes on from
 * them: an hour's jump in a recording neither stalls its pacing nor reaches the viewers.
 */
const REPAIR_JUMPS: readonly string[] = ['-dts_error_threshold', '10'];

/** Look only as long as needed for what comes live. */
const QUICK_LOOK: readonly string[] = ['-analyzeduration', '1000000', '-probesize', '2000000'];

/** Frames decoded side by side would each wait for the next. */
const LOW_DELAY: readonly string[] = ['-thread_type', 'slice'];

const NETWORK_WAIT_US = '10000000';

/** A file at real-time speed, once or again and again, the first time from `startMs` on. */
export function fileInputOptions(options: {
  readonly isLooped: boolean;
  readonly startMs: number;
}): string[] {
  const loop = options.isLooped ? ['-stream_loop', '-1'] : [];
  return ['-re', ...loop, ...seekOptions(options.startMs), ...REPAIR_JUMPS];
}

/** Where to begin in a recording. */
export function seekOptions(startMs: number): string[] {
  return startMs > 0 ? ['-ss', (startMs / 1000).toFixed(3)] : [];
}

/** Bytes of any container that come through a pipe as they are made. */
export function pipeInputOptions(): string[] {
  return [...QUICK_LOOK, ...LOW_DELAY, ...REPAIR_JUMPS];
}

/** The raw stream that this process draws. */
export function rawInputOptions(): string[] {
  return ['-probesize', '500000', '-analyzeduration', '0', '-f', 'matroska'];
}

/** How to open `url`, for looking and for sending alike. */
export function urlOpenOptions(url: string): string[] {
  if (/^rtsps?:/i.test(url)) return ['-rtsp_transport', 'tcp'];
  if (/^(https?|rtmps?):/i.test(url)) return ['-rw_timeout', NETWORK_WAIT_US];
  return [];
}

/** What is added to `urlOpenOptions` for sending. */
export function urlInputOptions(options: { readonly isRecording: boolean }): string[] {
  return options.isRecording ? ['-re', ...REPAIR_JUMPS] : [...LOW_DELAY, ...REPAIR_JUMPS];
}
