/** What kind of picture some bytes are, by what they begin with. */

const at = (bytes: Uint8Array, offset: number, text: string): boolean =>
  [...text].every((character, index) => bytes[offset + index] === character.charCodeAt(0));

/**
 * The media type of a JPEG, PNG or WebP; `undefined` for everything else. What a broadcaster calls its poster is served
 * from the relay's own origin: nothing that could be a page or a script may pass.
 */
export function pictureTypeOf(bytes: Uint8Array): 'image/jpeg' | 'image/png' | 'image/webp' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (at(bytes, 0, '\u0089PNG\r\n\u001a\n')) return 'image/png';
  return at(bytes, 0, 'RIFF') && at(bytes, 8, 'WEBP') ? 'image/webp' : undefined;
}
