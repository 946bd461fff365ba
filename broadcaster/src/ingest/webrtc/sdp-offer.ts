/** Reads the SDP offers of WHIP clients (RFC 8866, RFC 8829), as far as an answer needs it. Bounded; never throws. */

import type { Fingerprint } from './webrtc-endpoint.js';

/** Longest offer that is looked at: a browser with every codec has some 20 KiB. */
export const SDP_CHARS_MAX = 128 * 1024;

const LINES_MAX = 3_000;
const SECTIONS_MAX = 16;

/** One `m=` section. */
export type OfferSection = {
  readonly kind: string;
  readonly protocol: string;
  /** As the offer ranks them. */
  readonly payloadTypes: readonly number[];
  /** Attributes in order: name and value, empty for flags. */
  readonly attributes: readonly Attribute[];
};

/** `a=name:value`. */
export type Attribute = { readonly name: string; readonly value: string };

/** An offer. */
export type SdpOffer = {
  readonly attributes: readonly Attribute[];
  readonly sections: readonly OfferSection[];
};

/** A codec of a section. */
export type OfferCodec = {
  readonly payloadType: number;
  /** Lower case: `h264`. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  /** Of `a=fmtp`, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Values of `a=rtcp-fb`: `nack pli`. */
  readonly feedback: readonly string[];
};

/** Splits an offer into its sections; `undefined` when it is none, or larger than any honest one. */
export function parseOffer(text: string): SdpOffer | undefined {
  if (text.length > SDP_CHARS_MAX || !text.startsWith('v=0')) return undefined;
  const lines = text.split(/\r?\n/, LINES_MAX + 1);
  if (lines.length > LINES_MAX) return undefined;
  const session: Attribute[] = [];
  const sections: (OfferSection & { readonly attributes: Attribute[] })[] = [];
  for (const line of lines) {
    if (line.startsWith('m=')) {
      const section = parseMedia(line);
      if (!section || sections.length >= SECTIONS_MAX) return undefined;
      sections.push(section);
    } else if (line.startsWith('a=')) (sections.at(-1)?.attributes ?? session).push(parseAttribute(line));
  }
  return { attributes: session, sections };
}

/** The value of the section's attribute, or of the session's where the section has none. */
export function attributeOf(offer: SdpOffer, section: OfferSection, name: string): string | undefined {
  const has = (each: Attribute): boolean => each.name === name;
  return (section.attributes.find(has) ?? offer.attributes.find(has))?.value;
}

/** All certificates' fingerprints that count for the section. */
export function fingerprintsOf(offer: SdpOffer, section: OfferSection): readonly Fingerprint[] {
  const isOne = ({ name }: Attribute): boolean => name === 'fingerprint';
  const own = section.attributes.filter(isOne);
  return (own.length > 0 ? own : offer.attributes.filter(isOne)).flatMap(({ value }) => {
    const [algorithm, digest] = value.trim().split(/\s+/);
    return algorithm && digest ? [{ algorithm, value: digest }] : [];
  });
}

/** The codecs of a section, in its order; payload types without `a=rtpmap` are left out. */
export function codecsOf(section: OfferSection): readonly OfferCodec[] {
  return section.payloadTypes.flatMap((payloadType) => {
    const map = valuesFor(section, 'rtpmap', payloadType)[0];
    const [, name, rate, channels] = /^([\w.-]+)\/(\d{1,7})(?:\/(\d))?$/.exec(map ?? '') ?? [];
    if (name === undefined || rate === undefined) return [];
    return [
      {
        payloadType,
        name: name.toLowerCase(),
        clockRate: Number(rate),
        channels: Number(channels ?? 1),
        parameters: parametersOf(valuesFor(section, 'fmtp', payloadType)[0] ?? ''),
        feedback: [...valuesFor(section, 'rtcp-fb', payloadType), ...valuesFor(section, 'rtcp-fb', '*')],
      },
    ];
  });
}

/** SSRC of the media and of its repair (RFC 5576), where they are announced. */
export function ssrcsOf(section: OfferSection): { readonly media?: number; readonly rtx?: number } {
  const numbers = section.attributes
    .filter(({ name }) => name === 'ssrc')
    .map(({ value }) => ssrcOf(value.split(' ')[0]))
    .filter((ssrc) => ssrc !== undefined);
  const group = section.attributes.find(
    ({ name, value }) => name === 'ssrc-group' && value.startsWith('FID '),
  );
  const [first, second] = (group?.value.split(/\s+/).slice(1) ?? []).map(ssrcOf);
  const media = first ?? numbers[0];
  return { ...(media !== undefined && { media }), ...(second !== undefined && { rtx: second }) };
}

/** Id of a header extension (RFC 8285); `undefined` when it is not offered, or needs two-byte headers. */
export function extensionIdOf(section: OfferSection, uri: string): number | undefined {
  for (const { name, value } of section.attributes) {
    const [, id, offered] = /^(\d{1,3})(?:\/\w+)? (\S+)/.exec(name === 'extmap' ? value : '') ?? [];
    if (offered === uri && Number(id) >= 1 && Number(id) <= 14) return Number(id);
  }
  return undefined;
}

function parseMedia(line: string): (OfferSection & { readonly attributes: Attribute[] }) | undefined {
  const [kind, , protocol, ...formats] = line.slice(2).trim().split(/\s+/);
  if (!kind || !protocol || formats.length > 128) return undefined;
  const payloadTypes = formats
    .map(Number)
    .filter((type) => Number.isInteger(type) && type >= 0 && type < 128);
  return { kind, protocol, payloadTypes, attributes: [] };
}

function parseAttribute(line: string): Attribute {
  const at = line.indexOf(':');
  if (at < 0) return { name: line.slice(2).trim(), value: '' };
  return { name: line.slice(2, at), value: line.slice(at + 1).trim() };
}

function valuesFor(section: OfferSection, name: string, payloadType: number | '*'): readonly string[] {
  const start = `${payloadType} `;
  return section.attributes
    .filter((each) => each.name === name && each.value.startsWith(start))
    .map(({ value }) => value.slice(start.length).trim());
}

function parametersOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name.trim().toLowerCase(), value.trim()];
    }),
  );
}

function ssrcOf(text: string | undefined): number | undefined {
  const ssrc = Number(text);
  return Number.isInteger(ssrc) && ssrc > 0 && ssrc < 2 ** 32 ? ssrc : undefined;
}
