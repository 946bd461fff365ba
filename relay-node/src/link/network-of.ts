/** Coarse places in the net, by which the parents of one viewer are told apart. */

/**
 * The /16 of an IPv4 address, the /32 of an IPv6 address, however it is written: about what one provider has in one
 * place. The empty text for the empty one.
 */
export function networkOf(remoteAddress: string): string {
  const address = remoteAddress.toLowerCase();
  const v4 = /^(?:::ffff:)?(\d+\.\d+)\.\d+\.\d+$/.exec(address)?.[1];
  if (v4 !== undefined || address === '') return v4 ?? '';
  const [head = ''] = address.split('::');
  const [first = '', second = ''] = head.split(':');
  // What "::" stands for is zeros.
  return `${first || '0'}:${second || '0'}`;
}
