/** The parents: does each answer, and is it a relay. */

import { type Finding, fail, ok, warn } from './finding.js';

/** Longest wait for a parent. */
const ANSWER_MS_MAX = 5_000;

/** Parents that are asked; more are taken on trust. */
const PARENTS_ASKED_MAX = 16;

/** Asks each parent (an origin) for its health; one line for each, and one that fails when none answers. */
export async function checkParents(parents: readonly string[]): Promise<readonly Finding[]> {
  const asked = [...new Set(parents)].slice(0, PARENTS_ASKED_MAX);
  const answers = await Promise.all(asked.map(ask));
  const isAnyWell = answers.some(({ status }) => status === 'ok');
  if (isAnyWell || asked.length === 0) return answers;
  return answers.map(({ name, what, todo }) => fail(name, what, todo ?? ''));
}

async function ask(origin: string): Promise<Finding> {
  try {
    const { status } = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (status === 200) return ok('parent', `${origin} answers.`);
    return warn('parent', `${origin} answers ${status}.`, 'Ask whoever runs it, or name another parent.');
  } catch (cause) {
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const why = inner instanceof Error ? inner.message : String(inner);
    const wayOut = 'Check the link, and that the broadcast is running.';
    return warn('parent', `${origin} does not answer (${why}).`, wayOut);
  }
}
