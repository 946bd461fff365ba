/**
 * Answers verification requests: by WebCrypto where the platform has Ed25519 (Chromium 137, Firefox 129, Safari 17,
 * Node 20), else by a JavaScript implementation that is loaded only then. A page served without TLS from anything but
 * localhost has no WebCrypto at all.
 */

import { equalBytes } from '@freshet/proto';
import type { VerifyEffect } from './verify-effect.js';

/** Imported keys kept; a viewer needs two at a time. */
const KEYS_MAX = 16;

/** Types of the platform exclude views of shared memory, of which there are none here. */
type Plain = Uint8Array<ArrayBuffer>;
const plain = (bytes: Uint8Array): Plain => bytes as Plain;

/** Chooses the implementation once; what is asked before the choice waits for it. */
export function createVerifier(): VerifyEffect {
  let chosen = startChoosing();
  return async (request) => {
    let verify: VerifyEffect;
    try {
      verify = await chosen;
    } catch (cause) {
      // The fallback is loaded over the network: the next request tries again.
      chosen = startChoosing();
      throw cause;
    }
    try {
      return await verify(request);
    } catch {
      return false;
    }
  };
}

/** Whoever asks for a verification hears of a failure; nobody having asked yet is no reason for an alarm. */
function startChoosing(): Promise<VerifyEffect> {
  const chosen = chooseVerifier();
  chosen.catch(() => undefined);
  return chosen;
}

async function chooseVerifier(): Promise<VerifyEffect> {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle) {
    try {
      // RFC 8032 §7.1, the public key of test 1: an implementation without Ed25519 refuses to import it.
      const probe = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
      const bytes = Uint8Array.from(probe.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      await subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
      return createWebCryptoVerifier(subtle);
    } catch {
      return (await import('./noble-verifier.js')).verifyByNoble;
    }
  }
  return (await import('./noble-verifier.js')).verifyByNoble;
}

function createWebCryptoVerifier(subtle: SubtleCrypto): VerifyEffect {
  const keys: { readonly raw: Uint8Array; readonly key: Promise<CryptoKey> }[] = [];
  const keyOf = (raw: Uint8Array): Promise<CryptoKey> => {
    const known = keys.find((entry) => equalBytes(entry.raw, raw));
    if (known) return known.key;
    const key = subtle.importKey('raw', plain(raw), 'Ed25519', false, ['verify']);
    keys.push({ raw, key });
    if (keys.length > KEYS_MAX) keys.shift();
    return key;
  };
  return async ({ publicKey, message, signature, payload, digest }) => {
    const signed = keyOf(publicKey).then((key) =>
      subtle.verify('Ed25519', key, plain(signature), plain(message)),
    );
    if (!payload) return signed;
    const [isSigned, actual] = await Promise.all([signed, subtle.digest('SHA-256', plain(payload))]);
    return isSigned && digest !== undefined && equalBytes(new Uint8Array(actual), digest);
  };
}
