/** Reading the options about encoding. */

import type { EncoderChoice } from '../encode/find-encoder.js';
import { type LadderChoice, parseLadder } from '../encode/ladder.js';
import { VIDEO_ENCODERS } from '../encode/video-encoder.js';
import { OptionError } from './options.js';

/** What `--ladder` says. Throws an OptionError. */
export function ladderOption(text: string): LadderChoice {
  const parsed = parseLadder(text);
  if (!parsed.ok) throw new OptionError(parsed.why);
  return parsed.choice;
}

/** What `--encoder` says. Throws an OptionError. */
export function encoderOption(text: string): EncoderChoice {
  const choices: readonly EncoderChoice[] = ['auto', ...VIDEO_ENCODERS];
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new OptionError(`--encoder takes ${choices.join(', ')}, not "${text}".`);
  return found;
}
