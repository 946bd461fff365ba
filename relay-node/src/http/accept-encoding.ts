/** A stored form of a body. `identity` is the body as it is. */
export type ContentCoding = 'br' | 'gzip' | 'identity';

/**
 * The smallest form of a body that a client takes, out of `offered`, listed from the best.
 *
 * Reads `Accept-Encoding` with its weights: `gzip;q=0` refuses gzip. `identity` is the answer to anything that
 * cannot be understood, since every client takes it.
 */
export const chooseCoding = (
  acceptEncoding: string | undefined,
  offered: readonly ContentCoding[],
): ContentCoding => {
  if (acceptEncoding === undefined) return 'identity';
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const value = weight === undefined ? 1 : Number(weight.slice(2));
    weights.set(name, Number.isFinite(value) ? value : 0);
  }
  for (const coding of offered) {
    if (coding === 'identity') continue;
    if ((weights.get(coding) ?? weights.get('*') ?? 0) > 0) return coding;
  }
  return 'identity';
};
