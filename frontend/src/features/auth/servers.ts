import type { SignInRequest } from '../../api/client.ts';

export interface ServerFields {
  host: string;
  port: string;
  security: 'tls' | 'starttls';
}

type Servers = NonNullable<SignInRequest['server']>;

/** What was filled in of the servers; undefined where nothing was, so that they are looked for. */
export function serversOf(imap: ServerFields, smtp: ServerFields): Servers | undefined {
  const server: Servers = {};
  if (imap.host.trim()) server.imap = serverOf(imap);
  if (smtp.host.trim()) server.smtp = serverOf(smtp);
  return server.imap || server.smtp ? server : undefined;
}

function serverOf({ host, port, security }: ServerFields) {
  const number = port.trim() === '' ? undefined : Number(port);
  return { host: host.trim(), security, ...(number === undefined ? {} : { port: number }) };
}
