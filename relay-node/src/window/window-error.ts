/** A window could not be opened; the message says why in one sentence, with the way out. */
export class WindowError extends Error {
  readonly kind = 'window-unusable';
  constructor(folder: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `The live window cannot be kept in ${folder} (${why}). Choose another folder, or leave --window out.`,
      {
        cause,
      },
    );
    this.name = 'WindowError';
  }
}
