/** Protocol version and capabilities, agreed on in the hello (PROTOCOL.md §4). */

/** Oldest protocol version this build speaks. */
export const VERSION_MIN = 1;

/** Newest protocol version this build speaks. */
export const VERSION_MAX = 1;

/** Abilities that both sides must name before either may use them. */
export const Capability = {
  /** Takes single stripes of a rendition. */
  stripes: 1,
  /** Viewers: carries stripes for others. Relays: plans its viewers' neighbours. */
  mesh: 2,
  /** Understands where a relay stands and where else to go. */
  tree: 3,
  /** Relays: takes the picture that stands for the broadcast. */
  poster: 4,
  /** Viewers: tells how the broadcast plays. Relays: sums that up. */
  audience: 5,
} as const;

/** A range of protocol versions, both ends included. */
export type VersionRange = { readonly versionMin: number; readonly versionMax: number };

/** What two sides agreed on. */
export type Agreement = { readonly version: number; readonly capabilities: ReadonlySet<number> };

/** The newest version both speak and the abilities both have; `undefined` when there is no common version. */
export function agree(
  own: VersionRange & { readonly capabilities: readonly number[] },
  other: VersionRange & { readonly capabilities: readonly number[] },
): Agreement | undefined {
  const version = Math.min(own.versionMax, other.versionMax);
  if (version < Math.max(own.versionMin, other.versionMin)) return undefined;
  const has = new Set(other.capabilities);
  return { version, capabilities: new Set(own.capabilities.filter((capability) => has.has(capability))) };
}

/** One sentence for the person whose program found no common version. Fits the reason of a close code. */
export function versionMismatch(own: VersionRange, other: VersionRange): string {
  const [ahead, advice] =
    other.versionMin > own.versionMax
      ? ['newer', 'update Freshet here (or reload)']
      : ['older', 'update Freshet there'];
  const range = (r: VersionRange): string =>
    r.versionMin === r.versionMax ? `${r.versionMin}` : `${r.versionMin} to ${r.versionMax}`;
  return `The other side speaks the ${ahead} version ${range(other)}, this one ${range(own)}: ${advice}.`;
}
