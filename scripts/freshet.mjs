#!/usr/bin/env node
// The `freshet` command: puts the packages' commands together. Everything they can do lives in the packages.

import { Command } from 'commander';

// A pipe that closes, a full disk: what is printed is lost, and what runs goes on.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const program = new Command('freshet')
  .description(
    'Peer-assisted live streaming: go live to anyone, nearly without delay, with no central server',
  )
  .version('0.1.0')
  .showHelpAfterError('(freshet --help lists what there is)')
  .configureHelp({ showGlobalOptions: true })
  // Commander's own errors are all about the command line: 2, as for ours.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

try {
  const [broadcaster, relay, viewer] = await Promise.all([
    import('@freshet/broadcaster'),
    import('@freshet/relay-node'),
    import('@freshet/viewer/app'),
  ]);
  broadcaster.addLiveCommand(program);
  broadcaster.addStudioCommand(program);
  broadcaster.addDevicesCommand(program);
  viewer.addWatchCommand(program, { addOptions: relay.addDiscoveryOptions, find: relay.findRelaysOnce });
  relay.addRelayCommand(program);
  relay.addDoctorCommand(program);
  broadcaster.addKeysCommand(program);
  await program.parseAsync();
} catch (error) {
  const isNotBuilt = error?.code === 'ERR_MODULE_NOT_FOUND';
  if (isNotBuilt) console.error(`freshet: it has not been built yet (${error.message}). Run "npm ci" first.`);
  // What the packages throw for people has a kind, and a message that is a whole sentence.
  else if (error?.kind) console.error(`freshet: ${error.message}`);
  else console.error(error);
  // 2 says that the command line itself was wrong.
  process.exitCode ??= error?.kind === 'bad-option' ? 2 : 1;
}
