/**
 * The same value with every byte array as a plain Uint8Array: on Node, decoders give views of the Buffers they were
 * given, which are equal in bytes and not in kind.
 */
export function plainBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(plainBytes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainBytes(member)]));
}
