import tls from 'node:tls';
import { mailOf } from './mail.mjs';
import { FIRST } from './vectors.mjs';

const EPOCH = Date.UTC(2026, 0, 1);
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Messages are told apart by when they arrived: the n-th vector at the n-th second of the year. */
export const numberOf = (receivedAt) => FIRST + (Date.parse(receivedAt) - EPOCH) / 1000;

function arrival(n) {
  const date = new Date(EPOCH + (n - FIRST) * 1000);
  const [time] = date.toISOString().slice(11).split('.');
  return `${String(date.getUTCDate()).padStart(2, '0')}-${MONTHS[date.getUTCMonth()]}-2026 ${time} +0000`;
}

/** Files vectors as messages in new mailboxes, over IMAP as any mail program would. */
export async function append({ host, port, user, password }, mailboxes) {
  // The server is a test's own, on loopback.
  const socket = tls.connect({ host, port, rejectUnauthorized: false });
  let buffer = '';
  let wake = () => {};
  socket.on('data', (data) => {
    buffer += data.toString('latin1');
    wake();
  });
  socket.on('error', (error) => wake(error));
  const line = async (start) => {
    for (;;) {
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const one = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (one.startsWith(start)) return one;
      }
      await new Promise((done, failed) => {
        wake = (error) => (error ? failed(error) : done());
      });
    }
  };
  let tag = 0;
  const run = async (command, data = []) => {
    const name = `a${++tag}`;
    socket.write(`${name} ${command}`);
    for (const piece of data) socket.write(piece);
    socket.write('\r\n');
    const answer = await line(`${name} `);
    if (!answer.startsWith(`${name} OK`)) throw new Error(`${command.slice(0, 60)}: ${answer}`);
  };
  await line('* OK');
  await run(`LOGIN "${user}" "${password}"`);
  for (const [name, vectors] of mailboxes) {
    await run(`CREATE "${name}"`);
    for (const vector of vectors) {
      const mail = mailOf(vector);
      await run(`APPEND "${name}" (\\Seen) "${arrival(vector.n)}" {${mail.length}+}\r\n`, [mail]);
    }
  }
  await run('LOGOUT');
  socket.destroy();
}
