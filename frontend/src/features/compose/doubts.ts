import { queryOptions } from '@tanstack/svelte-query';
import { client, must } from '../../api/client.ts';
import { identities, queryClient, session } from '../../api/queries.ts';
import { isAddress, sameAddress } from '../../lib/addresses.ts';
import { type Doubt, doubts, type Known } from '../../lib/unusual.ts';
import { t } from '../../lib/words.ts';
import { ask } from '../../ui/ask.svelte.ts';
import type { Compose } from './compose.svelte.ts';

/** Those one writes to most: whom a slip of the finger would have meant. */
const MOST = 500;
/** Sending waits no longer for what is not known yet, in milliseconds. */
const PATIENCE = 50;

const acquaintances = () =>
  queryOptions({
    queryKey: ['acquaintances'],
    queryFn: async (): Promise<Known[]> => {
      const { items } = await must(client.GET('/contacts', { params: { query: { limit: MOST } } }));
      return items.map(({ email, saved, writtenTo }) => ({ email, trusted: saved || writtenTo }));
    },
    staleTime: 10 * 60_000,
    // Looked up while one writes, and needed when one sends, whenever that is.
    gcTime: Number.POSITIVE_INFINITY,
  });

/** Whether one of the many others has that address. */
const acquaintance = (email: string) =>
  queryOptions({
    queryKey: ['acquaintance', email],
    queryFn: async () => {
      const page = await must(client.GET('/contacts', { params: { query: { q: email, limit: 50 } } }));
      return page.items.some((one) => sameAddress(one.email, email));
    },
    staleTime: 10 * 60_000,
    // Looked up while one writes, and needed when one sends, whenever that is.
    gcTime: Number.POSITIVE_INFINITY,
  });

/** Which questions were answered by sending; they are asked once. */
const meant = new WeakMap<Compose, Set<string>>();

/** Looks up what it takes to know whether all recipients are meant, so that sending need not wait for it. */
export async function lookAt(compose: Compose): Promise<Doubt[]> {
  try {
    const known = await queryClient.ensureQueryData({ ...acquaintances(), revalidateIfStale: true });
    const found = suspicions(compose, known);
    // Where there are no others, nobody else is known.
    if (known.length < MOST) return found;
    const checked = await Promise.all(found.map(async (one) => ({ one, known: await isKnown(one) })));
    return checked.filter((doubt) => !doubt.known).map(({ one }) => one);
  } catch {
    return certain(compose);
  }
}

/** What is doubtful for all that is known by now: knowing nobody is no reason to ask about anybody. */
function certain(compose: Compose): Doubt[] {
  const isStranger = (email: string) => queryClient.getQueryData(acquaintance(email).queryKey) === false;
  return suspicions(compose).filter((one) => !('email' in one) || isStranger(one.email));
}

/** Whether there may be something to ask about; at once, by what is known already. */
export function isDoubtful(compose: Compose): boolean {
  return suspicions(compose).length > 0;
}

/** Whether the mail may go to those it is addressed to; what looks like a mistake is asked about. */
export async function meansThem(compose: Compose): Promise<boolean> {
  const late = new Promise<Doubt[]>((resolve) => setTimeout(() => resolve(certain(compose)), PATIENCE));
  const said = meant.get(compose) ?? new Set();
  const found = (await Promise.race([lookAt(compose), late])).filter((one) => !said.has(about(one)));
  if (found.length === 0) return true;
  const question = {
    title: t('ask.unusual'),
    text: found.map(sentence).join('\n'),
    yes: t('ask.sendToThem'),
  };
  if ((await ask(question)) === undefined) return false;
  meant.set(compose, new Set([...said, ...found.map(about)]));
  return true;
}

function suspicions(
  compose: Compose,
  known: Known[] = queryClient.getQueryData(acquaintances().queryKey) ?? [],
): Doubt[] {
  const emails = (people: { email: string }[]) => people.map((one) => one.email).filter(isAddress);
  return doubts({
    open: emails([...compose.to, ...compose.cc]),
    bcc: emails(compose.bcc),
    given: compose.given,
    own: [
      compose.from,
      ...(queryClient.getQueryData(identities(compose.accountId).queryKey) ?? []),
      ...(queryClient.getQueryData(session().queryKey)?.accounts ?? []).map((one) => ({
        email: one.address,
      })),
    ].map((one) => one.email),
    isAnswer: compose.inReplyTo !== undefined,
    known,
  });
}

async function isKnown(doubt: Doubt): Promise<boolean> {
  return 'email' in doubt && (await queryClient.ensureQueryData(acquaintance(doubt.email)));
}

const about = (doubt: Doubt) => ('email' in doubt ? doubt.email : doubt.kind);

function sentence(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'domain':
    case 'person':
      return t('ask.likeAnother', { address: doubt.email, like: doubt.like });
    case 'outsider':
      return t('ask.outsider', { address: doubt.email, domain: doubt.domain });
    case 'crowd':
      return t('ask.crowd', { n: doubt.n });
  }
}
