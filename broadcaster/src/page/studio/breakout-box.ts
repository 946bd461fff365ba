/** Types of mediacapture-transform, by which frames of tracks are read and written outside the page's thread. */

/** Frames of a track as a stream. */
export type FrameReader = { readonly readable: ReadableStream<VideoFrame> };

/** A track that is made of what is written. */
export type FrameWriter = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };

/** Both ends, or `undefined` where the browser has none (Firefox, Safari). */
export type BreakoutBox = {
  readonly MediaStreamTrackProcessor: new (options: {
    track: MediaStreamTrack;
    maxBufferSize?: number;
  }) => FrameReader;
  readonly MediaStreamTrackGenerator: new (options: { kind: 'video' }) => FrameWriter;
};

/** What this browser has. */
export function breakoutBox(): BreakoutBox | undefined {
  return 'MediaStreamTrackProcessor' in window && 'MediaStreamTrackGenerator' in window
    ? (window as unknown as BreakoutBox)
    : undefined;
}

/** What the compositor in the worker is told, over its port. Streams are transferred along. */
export type WorkerMessage =
  | {
      readonly kind: 'start';
      readonly width: number;
      readonly height: number;
      readonly writable: WritableStream<VideoFrame>;
    }
  | {
      readonly kind: 'input';
      readonly name: 'camera' | 'screen';
      readonly readable: ReadableStream<VideoFrame> | undefined;
    }
  | {
      readonly kind: 'look';
      readonly corner: 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';
      readonly slate: string;
      readonly title: string;
    }
  | { readonly kind: 'stop' }
  /** Only beat time: the page draws. */
  | { readonly kind: 'beat' };
