/** Finds what somebody meant who misspelt a name. */

/** More wrong characters than this are another word. */
const EDITS_MAX = 3;

/** Longer words are not compared: no name is so long. */
const WORD_CHARS_MAX = 60;

/** The candidate that needs the fewest changes to become it, if it needs few; the earlier one of two. */
export function nearestOf(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > WORD_CHARS_MAX) return undefined;
  const plain = simplified(word);
  let nearest: string | undefined;
  let editsMin = Math.min(EDITS_MAX, Math.floor(plain.length / 2)) + 1;
  for (const candidate of candidates) {
    const edits = editsBetween(plain, simplified(candidate));
    if (edits >= editsMin) continue;
    editsMin = edits;
    nearest = candidate;
  }
  return nearest;
}

/** `viewersMax`, `viewers_max` and `Viewers-Max` are one name misspelt in three ways. */
function simplified(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}

/** Levenshtein's distance. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
