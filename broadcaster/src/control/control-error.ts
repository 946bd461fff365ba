/** Why the control room could not be opened. */
export type ControlErrorKind = 'bad-option' | 'port-taken' | 'listen-failed' | 'not-built';

/** The control room could not be opened; the message is one sentence with the way out. */
export class ControlError extends Error {
  override readonly name: string = 'ControlError';
  readonly kind: ControlErrorKind;
  constructor(kind: ControlErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
