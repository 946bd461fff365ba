/** What a session's verification requests are answered by. */

import type { VerifyRequest } from '@freshet/proto';

/** Whether a request holds. Rejects only when nothing that could check it can be loaded; that is not a "no". */
export type VerifyEffect = (request: VerifyRequest) => Promise<boolean>;
