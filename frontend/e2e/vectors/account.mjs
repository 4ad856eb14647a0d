import { numberOf } from './imap.mjs';

/** Signs in through the API and finds where each vector's message is. */
export async function signIn(context, { base, host, ports, login, mailboxes }) {
  const call = async (path) => {
    const answer = await context.request.get(`${base}/api/v1${path}`);
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  const server = (port) => ({ host, port: Number(port) });
  const entered = await context.request.post(`${base}/api/v1/session`, {
    data: {
      address: login.user,
      password: login.password,
      server: { imap: server(ports.imap), smtp: server(ports.smtp) },
    },
  });
  if (!entered.ok()) throw new Error(`sign-in: ${entered.status()} ${await entered.text()}`);
  const [account] = (await call('/session')).accounts;
  const places = new Map();
  const until = Date.now() + 120_000;
  for (const [name, held] of mailboxes) {
    for (;;) {
      const { items } = await call(`/accounts/${account.id}/mailboxes`);
      const mailbox = items.find((one) => one.name === name);
      const page = mailbox && (await call(`/mailboxes/${mailbox.id}/messages?limit=100`));
      if (page?.items.length === held.length) {
        for (const { id, receivedAt } of page.items)
          places.set(numberOf(receivedAt), { id, list: `/mail/${account.id}/${mailbox.id}` });
        break;
      }
      if (Date.now() > until)
        throw new Error(`${name} did not appear: ${page?.items.length} of ${held.length}`);
      await new Promise((done) => setTimeout(done, 200));
    }
  }
  return places;
}
