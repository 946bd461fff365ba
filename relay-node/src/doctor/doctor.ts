/** Looks at everything that a relay needs, and says about each what it is and what to do. */

import { isRelayOrigin, parseLink } from '@freshet/proto';
import type { RelaySettings } from '../settings/relay-settings.js';
import { checkCertificate } from './certificate.js';
import { checkClock } from './clock.js';
import { checkFfmpeg } from './ffmpeg.js';
import type { Finding } from './finding.js';
import { judgeEngine, judgeFiles, judgeMemory, judgeNode, readFilesMax, readFreeBytes } from './machine.js';
import { checkTcpPort, checkUdpPorts, judgeReach } from './network.js';
import { checkParents } from './parents.js';

/** All findings for a relay with these settings. Takes at most about ten seconds; never rejects for what it finds. */
export async function examine(settings: RelaySettings, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const { acme, host, port, publicUrl, tls, udpPorts, viewersMax } = settings;
  const place = { host, port, isTls: (tls ?? acme) !== undefined };
  const parents = settings.parents.flatMap((link) => {
    if (isRelayOrigin(link)) return [link];
    const parsed = parseLink(link);
    return parsed.ok ? parsed.link.relays : [];
  });
  const [ffmpeg, acmePort, tcp, udp, clock, parentLines] = await Promise.all([
    checkFfmpeg(env),
    acme === undefined ? [] : [await checkTcpPort({ host, port: acme.port })],
    checkTcpPort(place),
    checkUdpPorts(place, udpPorts ?? { first: port, last: port }),
    checkClock(parents),
    checkParents(parents),
  ]);
  return [
    judgeNode(process.versions.node),
    judgeEngine(),
    tcp,
    ...acmePort,
    udp,
    judgeReach(place, publicUrl, { udpPorts }),
    ...(tls === undefined ? [] : [checkCertificate(tls, publicUrl, Date.now())]),
    clock,
    ...parentLines,
    judgeFiles(readFilesMax(), viewersMax),
    judgeMemory(readFreeBytes(), viewersMax),
    ffmpeg,
  ];
}
