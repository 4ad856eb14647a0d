import { isInSheet } from './sheet.ts';

export type Route =
  | { name: 'home' }
  | { name: 'mail'; accountId: string; mailboxId: string; messageId?: string }
  | { name: 'search'; q: string; mailboxId?: string; messageId?: string };

/** The address bar's meaning; anything unknown is the way home. */
export function parseRoute(path: string, query: string): Route {
  const parts = path.split('/').filter(Boolean).map(decoded);
  if (parts[0] === 'mail' && parts[1] && parts[2]) {
    const route: Route = { name: 'mail', accountId: parts[1], mailboxId: parts[2] };
    return parts[3] ? { ...route, messageId: parts[3] } : route;
  }
  if (parts[0] === 'search') {
    const params = new URLSearchParams(query);
    const mailboxId = params.get('in');
    return {
      name: 'search',
      q: params.get('q') ?? '',
      ...(mailboxId ? { mailboxId } : {}),
      ...(parts[1] ? { messageId: parts[1] } : {}),
    };
  }
  return { name: 'home' };
}

/** What is no UTF-8 stays as it is: it names nothing of ours, and must not keep the page from starting. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function pathOf(route: Route): string {
  const join = (...parts: (string | undefined)[]) =>
    `/${parts
      .filter((part) => part !== undefined)
      .map((part) => encodeURIComponent(part))
      .join('/')}`;
  switch (route.name) {
    case 'home':
      return '/';
    case 'mail':
      return join('mail', route.accountId, route.mailboxId, route.messageId);
    case 'search': {
      const params = new URLSearchParams({ q: route.q });
      if (route.mailboxId) params.set('in', route.mailboxId);
      return `${join('search', route.messageId)}?${params}`;
    }
  }
}

class Router {
  route: Route = $state.raw(parseRoute(location.pathname, location.search));

  constructor() {
    addEventListener('popstate', () => {
      this.route = parseRoute(location.pathname, location.search);
    });
  }

  /** Goes there with a history entry of its own, or with that of the sheet in which it was chosen. */
  go(route: Route): void {
    if (isInSheet()) history.replaceState({ ours: true }, '', pathOf(route));
    else history.pushState({ ours: true }, '', pathOf(route));
    this.route = route;
  }

  /** Changes where we are without a new entry, as for moving through a list beside the open message. */
  replace(route: Route): void {
    history.replaceState(history.state, '', pathOf(route));
    this.route = route;
  }

  /** Back if we came from within, else there: a page opened cold has no history of ours. */
  backTo(route: Route): void {
    if (history.state?.ours) history.back();
    else this.replace(route);
  }
}

export const router = new Router();
