/** What a session's verification requests are answered by. */

import type { VerifyRequest } from '@freshet/proto';

/** Whether a request holds. Never rejects: whatever goes wrong is a "no". */
export type VerifyEffect = (request: VerifyRequest) => Promise<boolean>;
