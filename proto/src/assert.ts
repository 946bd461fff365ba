/** Stops at a broken invariant: our own bug, never bad input. On in production. */
export class AssertionError extends Error {
  override readonly name: string = 'AssertionError';
}

/** Throws {@link AssertionError} when `condition` is false. For invariants of our own code only. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
