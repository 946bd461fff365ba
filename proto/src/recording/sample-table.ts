/** Collects one track's samples and writes them as the tables of an ordinary MP4 (ISO/IEC 14496-12 §8.6, §8.7). */

import { concatBytes } from '../bytes.js';
import { fullBox, u32 } from './box-writer.js';
import { Float64List, RunList, Uint32List } from './growing-list.js';
import { viewOf } from './movie-init.js';
import type { SampleRun } from './sample-run.js';

const UINT32_MAX = 0xffff_ffff;

/** The samples of one track of one file. Holds about 12 bytes a sample. */
export class SampleTable {
  readonly #sizes: Uint32List = new Uint32List();
  readonly #durations: RunList = new RunList();
  readonly #compositionOffsets: RunList = new RunList();
  readonly #syncSamples: Uint32List = new Uint32List();
  readonly #chunkOffsets: Float64List = new Float64List();
  readonly #samplesPerChunk: RunList = new RunList();
  #firstDecodeTime = 0;
  #firstCompositionOffset = 0;
  #lastDecodeTime = 0;
  #lastDuration = 0;
  #hasNegativeOffset = false;
  #hasOffset = false;

  /** Samples held. */
  get sampleCount(): number {
    return this.#sizes.length;
  }

  /** Decode time of the first sample, in ticks of the file's timeline. */
  get firstDecodeTime(): number {
    return this.#firstDecodeTime;
  }

  /** Presentation minus decode time of the first sample, in ticks. */
  get firstCompositionOffset(): number {
    return this.#firstCompositionOffset;
  }

  /** Ticks from the first sample's decode time to the last one's end. */
  get duration(): number {
    return this.#lastDecodeTime - this.#firstDecodeTime + this.#lastDuration;
  }

  /** Takes a run whose first byte lies at `fileOffset`. Decode times never go back. */
  add(run: SampleRun, fileOffset: number): void {
    let { decodeTime } = run;
    for (const sample of run.samples) {
      this.#place(decodeTime, sample.duration);
      decodeTime += sample.duration;
      this.#sizes.push(sample.bytes);
      if (this.#sizes.length === 1) this.#firstCompositionOffset = sample.compositionOffset;
      if (sample.compositionOffset !== 0) this.#hasOffset = true;
      if (sample.compositionOffset < 0) this.#hasNegativeOffset = true;
      this.#compositionOffsets.push(sample.compositionOffset);
      if (sample.isSync) this.#syncSamples.push(this.#sizes.length);
    }
    this.#chunkOffsets.push(fileOffset);
    this.#samplesPerChunk.push(run.samples.length);
  }

  /** `stts`, `ctts`, `stss`, `stsz`, `stsc` and `stco` or `co64`. The table can go on growing afterwards. */
  toBoxes(): Uint8Array {
    return concatBytes(
      this.#timeToSample(),
      this.#hasOffset ? this.#compositionToSample() : new Uint8Array(0),
      this.#isAllSync() ? new Uint8Array(0) : this.#listBox('stss', this.#syncSamples),
      this.#sampleSizes(),
      this.#sampleToChunk(),
      this.#chunkOffsetBox(),
    );
  }

  /**
   * A sample lasts until the next one: what a fragment states is a guess for its last sample, and the sample
   * before a gap lasts over it, so that the tracks stay together.
   */
  #place(decodeTime: number, duration: number): void {
    if (this.#sizes.length === 0) this.#firstDecodeTime = decodeTime;
    else {
      const distance = decodeTime - this.#lastDecodeTime;
      this.#durations.push(Math.min(Math.max(distance, 0), UINT32_MAX));
    }
    this.#lastDecodeTime = decodeTime;
    this.#lastDuration = duration;
  }

  #isAllSync(): boolean {
    return this.#syncSamples.length === this.#sizes.length;
  }

  #timeToSample(): Uint8Array {
    const pairs: number[] = [];
    this.#durations.forEach((count, value) => {
      pairs.push(count, value);
    });
    if (this.#sizes.length > 0) pairs.push(1, this.#lastDuration);
    return fullBox('stts', 0, 0, tableOf(pairs.length / 2, pairs));
  }

  #compositionToSample(): Uint8Array {
    const pairs: number[] = [];
    this.#compositionOffsets.forEach((count, value) => {
      pairs.push(count, value);
    });
    return fullBox('ctts', this.#hasNegativeOffset ? 1 : 0, 0, tableOf(pairs.length / 2, pairs));
  }

  #sampleSizes(): Uint8Array {
    return fullBox('stsz', 0, 0, u32(0), listBytes(this.#sizes));
  }

  #sampleToChunk(): Uint8Array {
    const rows: number[] = [];
    let firstChunk = 1;
    this.#samplesPerChunk.forEach((count, samples) => {
      rows.push(firstChunk, samples, 1);
      firstChunk += count;
    });
    return fullBox('stsc', 0, 0, tableOf(rows.length / 3, rows));
  }

  #chunkOffsetBox(): Uint8Array {
    const offsets = this.#chunkOffsets;
    const isLong = offsets.at(offsets.length - 1) > UINT32_MAX;
    if (!isLong) return this.#listBox('stco', offsets);
    const bytes = new Uint8Array(4 + offsets.length * 8);
    const view = viewOf(bytes);
    view.setUint32(0, offsets.length);
    for (let index = 0; index < offsets.length; index++)
      view.setBigUint64(4 + index * 8, BigInt(offsets.at(index)));
    return fullBox('co64', 0, 0, bytes);
  }

  #listBox(type: string, list: Uint32List | Float64List): Uint8Array {
    return fullBox(type, 0, 0, listBytes(list));
  }
}

function listBytes(list: Uint32List | Float64List): Uint8Array {
  const bytes = new Uint8Array(4 + list.length * 4);
  const view = viewOf(bytes);
  view.setUint32(0, list.length);
  for (let index = 0; index < list.length; index++) view.setUint32(4 + index * 4, list.at(index));
  return bytes;
}

function tableOf(rowCount: number, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + values.length * 4);
  const view = viewOf(bytes);
  view.setUint32(0, rowCount);
  values.forEach((value, index) => {
    view.setUint32(4 + index * 4, value);
  });
  return bytes;
}
