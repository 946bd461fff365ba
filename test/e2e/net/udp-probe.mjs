// Plain JavaScript, so that it starts at once inside a host. `listen PORT` prints the sources of what comes;
// `send PORT ADDRESS:PORT ...` sends from one port to each address and prints what comes back.
import { createSocket } from 'node:dgram';

const [verb, port, ...targets] = process.argv.slice(2);
const socket = createSocket('udp4');
socket.on('message', (bytes, from) => {
  process.stdout.write(`${bytes} ${from.address}:${from.port}\n`);
  if (verb === 'listen') socket.send(`seen ${from.address}:${from.port}`, from.port, from.address);
});
socket.bind(Number(port), () => {
  for (const target of targets) {
    const [address, targetPort] = target.split(':');
    socket.send('hello', Number(targetPort), address);
  }
  process.stdout.write('bound\n');
});
