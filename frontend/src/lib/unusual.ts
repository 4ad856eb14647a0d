/** Somebody known, and whether the user has written to them or put them into the address book. */
export interface Known {
  email: string;
  trusted: boolean;
}

/** What may be a mistake about who gets a mail. */
export type Doubt =
  | { kind: 'domain'; email: string; like: string }
  | { kind: 'person'; email: string; like: string }
  | { kind: 'outsider'; email: string; domain: string }
  | { kind: 'crowd'; n: number };

export interface Question {
  /** In To and Cc, which everybody sees. */
  open: string[];
  bcc: string[];
  /** Who was in it already when the writing began, as in an answer. */
  given: string[];
  own: string[];
  isAnswer: boolean;
  known: Known[];
}

/** So many who see each other's addresses are a crowd. */
const CROWD = 20;
/** Shorter names are all like one another. */
const SHORTEST_DOMAIN = 4;
const SHORTEST_NAME = 6;
/** Domains in which people do not belong together. */
const PUBLIC = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com aol.com icloud.com me.com mac.com
  gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de posteo.de mailbox.org proton.me protonmail.com fastmail.com
  yandex.ru mail.ru orange.fr free.fr laposte.net libero.it telefonica.net hotmail.es yahoo.es`.split(/\s+/),
);

const domainOf = (email: string) => email.slice(email.lastIndexOf('@') + 1);
const nameOf = (email: string) => email.slice(0, email.lastIndexOf('@'));

/**
 * What looks like a mistake in who gets a mail. Whoever is known, be it only as somebody who wrote, is meant: better a
 * mistake unseen than a question each day.
 */
export function doubts({ open, bcc, given, own, isAnswer, known }: Question): Doubt[] {
  const lower = (all: string[]) => all.map((one) => one.trim().toLowerCase());
  const mine = lower(own);
  const met = new Set([...known.map((one) => one.email.toLowerCase()), ...mine, ...lower(given)]);
  const trusted = [...known.filter((one) => one.trusted).map((one) => one.email.toLowerCase()), ...mine];
  const fresh = [...new Set(lower([...open, ...bcc]))].filter((email) => !met.has(email));
  return [
    ...likeOthers(fresh, trusted, met),
    ...(isAnswer ? outsider(lower([...open, ...bcc]), fresh, mine) : []),
    ...crowd(lower(open), lower(given), mine),
  ];
}

function likeOthers(fresh: string[], trusted: string[], met: Set<string>): Doubt[] {
  const there = new Set([...met].map(domainOf));
  const meant = [...new Set(trusted.map(domainOf))];
  return fresh.flatMap((email): Doubt[] => {
    const domain = domainOf(email);
    if (!there.has(domain)) {
      const like = meant.find((one) => mistypedDomain(domain, one));
      return like ? [{ kind: 'domain', email, like }] : [];
    }
    const like = trusted.find((one) => domainOf(one) === domain && mistypedName(nameOf(email), nameOf(one)));
    return like ? [{ kind: 'person', email, like }] : [];
  });
}

/** One outside among people of one's own house, where there was none. */
function outsider(all: string[], fresh: string[], mine: string[]): Doubt[] {
  const houses = new Set(mine.map(domainOf).filter((domain) => !PUBLIC.has(domain)));
  const strangers = all.filter((email) => !houses.has(domainOf(email)));
  const [only] = strangers;
  const colleagues = all.filter((email) => !mine.includes(email) && houses.has(domainOf(email)));
  if (strangers.length !== 1 || only === undefined || !fresh.includes(only) || colleagues.length < 2)
    return [];
  return [{ kind: 'outsider', email: only, domain: domainOf(colleagues[0] ?? '') }];
}

function crowd(open: string[], given: string[], mine: string[]): Doubt[] {
  const added = [...new Set(open)].filter((email) => !given.includes(email));
  const houses = new Set(mine.map(domainOf).filter((domain) => !PUBLIC.has(domain)));
  if (added.length <= CROWD || added.every((email) => houses.has(domainOf(email)))) return [];
  return [{ kind: 'crowd', n: new Set(open).size }];
}

/** `gmial.com` for `gmail.com`; but `example.de` and `example.dk` are two, and so are `team1` and `team2`. */
function mistypedDomain(typed: string, meant: string): boolean {
  const at = difference(typed, meant);
  const dot = meant.lastIndexOf('.');
  if (at === undefined || dot < SHORTEST_DOMAIN || areDigits(typed, meant, at)) return false;
  const inEnding = at > Math.min(dot, typed.lastIndexOf('.'));
  return !inEnding || meant.length - dot - 1 > 2;
}

/** `anna.mayer` for `anna.meyer`; but `j.smith` and `k.smith` are two: what begins a word tells people apart. */
function mistypedName(typed: string, meant: string): boolean {
  const at = difference(typed, meant);
  if (at === undefined || meant.length < SHORTEST_NAME || areDigits(typed, meant, at)) return false;
  const words = (text: string) => text.split(/[._+-]/);
  const begins = (text: string) => words(text).map((word) => word.charAt(0));
  const short = (text: string) => words(text).find((_, n, all) => at <= all.slice(0, n + 1).join('.').length);
  return (
    begins(typed).join() === begins(meant).join() &&
    Math.min(...[typed, meant].map((one) => short(one)?.length ?? 0)) > 3
  );
}

function areDigits(one: string, other: string, at: number): boolean {
  return /\d/.test(one.charAt(at)) || /\d/.test(other.charAt(at));
}

/** Where two texts differ if it is by one letter too many, too few, other, or by two that changed places. */
export function difference(one: string, other: string): number | undefined {
  if (one === other || Math.abs(one.length - other.length) > 1) return undefined;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const rest = (text: string, skip: number) => text.slice(at + skip);
  const swapped = one[at] === other[at + 1] && one[at + 1] === other[at] && rest(one, 2) === rest(other, 2);
  const same =
    one.length === other.length
      ? swapped || rest(one, 1) === rest(other, 1)
      : one.length > other.length
        ? rest(one, 1) === rest(other, 0)
        : rest(one, 0) === rest(other, 1);
  return same ? at : undefined;
}
