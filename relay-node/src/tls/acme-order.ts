/** Orders a certificate from an authority by ACME (RFC 8555), through the `acme-client` package. */

import { AcmeError } from './acme-error.js';
import { ChallengeResponder } from './challenge-responder.js';

/** What is ordered, and where. */
export type AcmeSettings = {
  /** Names that the certificate shall speak for, at least one. */
  readonly domains: readonly string[];
  /** Where the authority writes to when something is wrong with the certificate. */
  readonly email: string | undefined;
  /** The authority's directory. */
  readonly directoryUrl: string;
  /** Holds the account's key, the certificate and its key. */
  readonly folder: string;
  /** TCP port on which the authority's question arrives: 80, unless something in front passes it on to another. */
  readonly port: number;
  /** Address to listen on; all when left out. */
  readonly host: string | undefined;
};

/** What came of an order, in PEM. */
export type AcmeOutcome = { readonly certPem: string; readonly keyPem: string };

/** An order that is not done after this is given up. */
const ORDER_MS_MAX = 180_000;

/** Longest wait for one answer of the authority. */
const ANSWER_MS_MAX = 30_000;

/** How often and how soon the authority is asked whether it is done. */
const POLL = { backoffAttempts: 20, backoffMin: 500, backoffMax: 10_000 } as const;

/** Makes a key for an account with an authority, in PEM. */
export async function createAccountKey(): Promise<string> {
  const { crypto } = await import('acme-client');
  return (await crypto.createPrivateEcdsaKey()).toString();
}

/** Orders a certificate with a new key. Rejects with an AcmeError or, where the port is taken, a ListenError. */
export async function orderCertificate(settings: AcmeSettings, accountKey: string): Promise<AcmeOutcome> {
  // Loaded when needed only: the package brings a good deal with it.
  const { axios, Client, crypto } = await import('acme-client');
  axios.defaults.timeout = ANSWER_MS_MAX;
  const { directoryUrl, domains, email, host, port } = settings;
  const responder = new ChallengeResponder();
  await responder.open(host, port);
  try {
    const [key, csr] = await crypto.createCsr(
      { altNames: [...domains] },
      await crypto.createPrivateEcdsaKey(),
    );
    const client = new Client({ directoryUrl, accountKey, ...POLL });
    const certPem = await within(
      ORDER_MS_MAX,
      client.auto({
        csr,
        ...(email === undefined ? {} : { email }),
        termsOfServiceAgreed: true,
        challengePriority: ['http-01'],
        // From inside, the domain often does not lead back to this machine although it does from outside.
        skipChallengeVerification: true,
        challengeCreateFn: async (_authorization, challenge, text) => responder.put(challenge.token, text),
        challengeRemoveFn: async (_authorization, challenge) => responder.remove(challenge.token),
      }),
    );
    return { certPem, keyPem: key.toString() };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/\s+/g, ' ').slice(0, 300) : String(cause);
    throw new AcmeError(
      `${new URL(directoryUrl).host} gave no certificate for ${domains.join(', ')} (${why}). ` +
        `Check that the domain leads here and that port 80 is open from outside.`,
      { cause },
    );
  } finally {
    await responder.close();
  }
}

function within<Value>(msMax: number, work: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${msMax / 1_000} s`)), msMax);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
