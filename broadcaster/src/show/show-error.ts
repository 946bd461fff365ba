/** What a person asked of the show cannot be done; the message is one sentence that says why. */
export class ShowError extends Error {
  override readonly name: string = 'ShowError';
  readonly kind: 'bad-option' = 'bad-option';
}
