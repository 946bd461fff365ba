/** What the doctor says about one thing. */

/** `ok`: nothing to do. `warn`: it works, less well or not for long. `fail`: the relay does not work like this. */
export type FindingStatus = 'ok' | 'warn' | 'fail';

/** One line of the doctor's. */
export type Finding = {
  readonly status: FindingStatus;
  /** One word or two: `clock`. */
  readonly name: string;
  /** What was found, as one sentence. */
  readonly what: string;
  /** What to do about it, as one sentence; there is one unless all is well. */
  readonly todo?: string | undefined;
};

/** All is well. */
export const ok = (name: string, what: string): Finding => ({ status: 'ok', name, what });

/** It works, but. */
export const warn = (name: string, what: string, todo: string): Finding => ({
  status: 'warn',
  name,
  what,
  todo,
});

/** It does not work. */
export const fail = (name: string, what: string, todo: string): Finding => ({
  status: 'fail',
  name,
  what,
  todo,
});
