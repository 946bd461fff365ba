/** A setting that is unknown, wrong or in contradiction to another; the message is one sentence with the way out. */
export class SettingsError extends Error {
  override readonly name: string = 'SettingsError';
  readonly kind: 'bad-option' = 'bad-option';
}
