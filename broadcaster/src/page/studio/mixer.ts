/** Mixes microphone and the screen's sound into one track that never ends, and measures its level. */

/** Quietest level that the meter shows, dB below full scale. */
const FLOOR_DB = -60;

/** The track goes on in silence while nothing is plugged in, so that a change of microphone is no break. */
export class Mixer {
  readonly #context = new AudioContext({ latencyHint: 'interactive', sampleRate: 48_000 });
  readonly #output = this.#context.createMediaStreamDestination();
  readonly #voice = this.#context.createGain();
  readonly #meter = this.#context.createAnalyser();
  readonly #samples: Float32Array<ArrayBuffer>;
  readonly #sources = new Map<string, MediaStreamAudioSourceNode>();
  #isMuted = false;

  constructor() {
    this.#output.channelCount = 2;
    this.#meter.fftSize = 1024;
    this.#samples = new Float32Array(this.#meter.fftSize);
    this.#voice.connect(this.#output);
    this.#voice.connect(this.#meter);
  }

  /** What is published. */
  get track(): MediaStreamTrack | undefined {
    return this.#output.stream.getAudioTracks()[0];
  }

  /** Whether the microphone is silenced. */
  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** Silences everything, softly. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#voice.gain.setTargetAtTime(isMuted ? 0 : 1, this.#context.currentTime, 0.015);
  }

  /** Replaces one of the inputs; `undefined` takes it away. */
  plug(name: 'microphone' | 'screen', track: MediaStreamTrack | undefined): void {
    this.#sources.get(name)?.disconnect();
    this.#sources.delete(name);
    if (!track) return;
    const source = this.#context.createMediaStreamSource(new MediaStream([track]));
    source.connect(this.#voice);
    this.#sources.set(name, source);
  }

  /** Browsers let sound begin with a click only. */
  async resume(): Promise<void> {
    if (this.#context.state !== 'running') await this.#context.resume();
  }

  /** Loudness of the moment, 0 to 1 over the meter's range. */
  level(): number {
    this.#meter.getFloatTimeDomainData(this.#samples);
    let peak = 0;
    for (const sample of this.#samples) peak = Math.max(peak, Math.abs(sample));
    const db = peak > 0 ? 20 * Math.log10(peak) : FLOOR_DB;
    return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
  }
}
