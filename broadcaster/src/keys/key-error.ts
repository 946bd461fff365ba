/** What can be wrong with a key file. */
export type KeyErrorKind =
  | 'missing'
  | 'exists'
  | 'unreadable'
  | 'unwritable'
  | 'not-a-key'
  | 'bad-words'
  | 'bad-option'
  | 'expired'
  | 'needs-channel-key';

/** A key file cannot be used; the message is one sentence with the way out. */
export class KeyError extends Error {
  override readonly name: string = 'KeyError';
  readonly kind: KeyErrorKind;

  constructor(kind: KeyErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
