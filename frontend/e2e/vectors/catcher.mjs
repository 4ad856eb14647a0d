import http from 'node:http';

/** Whom Chromium itself asks, for updates and the like. */
const MAKER = /(^|\.)(google|googleapis|gstatic)\.com(:\d+)?/;

/**
 * A server on loopback at which everything ends up that a mail asks the network for. It notes who asked and answers
 * 204, so that nothing is shown and nobody is led away. `/link/` is what a reader may follow on purpose.
 */
export async function startCatcher() {
  let caught = [];
  const note = (request) => {
    if (!MAKER.test(request.headers.host))
      caught.push(`${request.method} ${request.headers.host}${request.url}`);
  };
  const server = http.createServer((request, response) => {
    request.resume();
    if (!request.url.startsWith('/link/')) note(request);
    response.writeHead(204, { 'Access-Control-Allow-Origin': '*' }).end();
  });
  server.on('upgrade', (request, socket) => {
    note(request);
    socket.destroy();
  });
  // TLS on a port without it: for whom it was stands in its first packet.
  server.on('clientError', (error, socket) => {
    const name = serverName(error.rawPacket ?? Buffer.alloc(0));
    if (name && !MAKER.test(name)) caught.push(`TLS ${name}`);
    socket.destroy();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  return {
    port,
    /** What came since the last call. */
    take() {
      const taken = caught;
      caught = [];
      return taken;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The name in a ClientHello (RFC 6066 3): where the four lengths around it agree it is one, and not key material. */
function serverName(hello) {
  for (let at = 0; at + 9 < hello.length; at++) {
    if (hello.readUInt16BE(at) !== 0 || hello[at + 6] !== 0) continue;
    const length = hello.readUInt16BE(at + 7);
    if (hello.readUInt16BE(at + 4) !== length + 3 || hello.readUInt16BE(at + 2) !== length + 5) continue;
    const name = hello.toString('latin1', at + 9, at + 9 + length);
    if (/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(name)) return name;
  }
  return undefined;
}
