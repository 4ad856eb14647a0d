import { isOwn } from '../api/access.ts';
import {
  ApiError,
  type Filter,
  type Mailbox,
  type MessageSummary,
  type Session,
  type Sort,
} from '../api/client.ts';
import { folderName } from '../api/folderNames.ts';
import { findSummary, listFor, listOf } from '../api/lists.ts';
import { byRole } from '../api/mailboxes.ts';
import { departed, mailboxes, message, queryClient } from '../api/queries.ts';
import { sentence } from '../api/sentences.ts';
import { type Answer, answerTo, signatureOf } from '../features/compose/answer.ts';
import { composer } from '../features/compose/composer.svelte.ts';
import { openDraft, withDrafts } from '../features/compose/elsewhere.ts';
import { changeAll, mark, move, putBack, remove } from '../features/messages/actions.ts';
import { ListView } from '../features/messages/view.svelte.ts';
import { SearchProgress } from '../features/search/progress.svelte.ts';
import { searchList } from '../features/search/source.ts';
import type { Person } from '../lib/addresses.ts';
import { textToHtml } from '../lib/html.ts';
import { layout } from '../lib/layout.svelte.ts';
import { router } from '../lib/router.svelte.ts';
import { t } from '../lib/words.ts';
import { ask } from '../ui/ask.svelte.ts';
import { toasts } from '../ui/toasts.svelte.ts';
import { type Need, offers } from './offers.ts';
import { homeIn, homeOf, sendersIn } from './senders.ts';

const readable = new Set(
  ['conflict', 'invalid-request', 'over-quota', 'request-too-large'].map((slug) => `/problems/${slug}`),
);

type Role = NonNullable<Mailbox['role']>;

/** A message that is asked about, and whose it is. */
interface Target {
  message: MessageSummary;
  accountId: string;
}

/** What lies on the table: which list, which message, and everything that can be done to them. */
export class Desk {
  sort: Sort = $state('-receivedAt');
  filter: Filter | undefined = $state();
  progress = new SearchProgress();
  moving: MessageSummary[] | 'everything' | undefined = $state.raw();
  snoozing: MessageSummary[] | undefined = $state.raw();
  reminding: Target | undefined = $state.raw();
  redirecting: Target | undefined = $state.raw();
  drawer = $state(false);
  panel: 'contacts' | 'help' | 'outbox' | 'palette' | 'settings' | undefined = $state();
  /** What is to be shared, where the settings are opened for that; or 'all' to look at what is. */
  sharing: Mailbox | 'all' | undefined = $state.raw();
  dragged: MessageSummary[] = [];
  #views = new Map<string, ListView>();
  readonly #session: () => Session;
  readonly mailboxes: (accountId: string) => Mailbox[];

  constructor(
    session: () => Session,
    mailboxesIn = (accountId: string) =>
      queryClient.getQueryData<Mailbox[]>(mailboxes(accountId).queryKey) ?? [],
  ) {
    this.#session = session;
    this.mailboxes = mailboxesIn;
  }

  get session(): Session {
    return this.#session();
  }

  get own(): string[] {
    return this.session.accounts.filter(isOwn).map((account) => account.address);
  }

  /** The account in hand; a search is in all of them, and then it is the first of one's own. */
  accountId = $derived.by(() => {
    const { route } = router;
    return route.name === 'mail' ? route.accountId : homeOf(this.session);
  });

  openId = $derived(router.route.name === 'home' ? undefined : router.route.messageId);

  /** The open message lies over its list: there is no room beside it. */
  covered = $derived(this.openId !== undefined && !layout.wide);

  view: ListView | undefined = $derived.by(() => {
    const { route } = router;
    if (route.name === 'mail') {
      const { accountId, mailboxId } = route;
      const { sort, filter } = this;
      return this.#viewOf([mailboxId, sort, filter].join(' '), () => {
        return new ListView(listOf({ accountId, mailboxId, sort, filter }), mailboxId, filter);
      });
    }
    if (route.name === 'search' && route.q) {
      const { q, mailboxId } = route;
      const key = `search ${mailboxId ?? ''} ${q}`;
      return this.#viewOf(
        key,
        () => new ListView(listFor(key, () => searchList(q, mailboxId, this.progress))),
      );
    }
    return undefined;
  });

  #viewOf(key: string, make: () => ListView): ListView {
    let view = this.#views.get(key);
    if (!view) {
      view = make();
      this.#views.clear();
      this.#views.set(key, view);
    }
    return view;
  }

  mailboxOf(summary: MessageSummary): Mailbox | undefined {
    return this.session.accounts
      .flatMap((account) => this.mailboxes(account.id))
      .find((mailbox) => mailbox.id === summary.mailboxId);
  }

  /** Whether something may be done to these, or to what is picked or open. */
  may(need: Need, targets?: MessageSummary[]): boolean {
    const { route } = router;
    const { session, mailboxes } = this;
    const inMailbox = !targets && route.name === 'mail';
    const ids = inMailbox ? [route.mailboxId] : (targets ?? this.targets()).map(({ mailboxId }) => mailboxId);
    // What a search has found may be anybody's.
    const sure = route.name === 'mail' || session.accounts.every(isOwn);
    const known = { session, mailboxes, accountId: sure ? this.accountId : undefined };
    return [...new Set(ids)].every((id) => offers(need, id, known));
  }

  openMessage(): MessageSummary | undefined {
    if (!this.openId) return undefined;
    return (
      findSummary(this.openId) ?? queryClient.getQueryData<MessageSummary>(message(this.openId).queryKey)
    );
  }

  /** Nothing is done any more to what was about to be, in mailboxes that are gone. */
  forgetTargets(mailboxIds: ReadonlySet<string>): void {
    const isGone = (one: MessageSummary) => mailboxIds.has(one.mailboxId);
    if (this.moving === 'everything' ? this.#inOneOf(mailboxIds) : this.moving?.some(isGone))
      this.moving = undefined;
    if (this.snoozing?.some(isGone)) this.snoozing = undefined;
    if (this.reminding && isGone(this.reminding.message)) this.reminding = undefined;
    if (this.redirecting && isGone(this.redirecting.message)) this.redirecting = undefined;
  }

  #inOneOf(mailboxIds: ReadonlySet<string>): boolean {
    const { mailboxId } = this.view ?? {};
    return mailboxId !== undefined && mailboxIds.has(mailboxId);
  }

  // Going about

  goTo(mailbox: Mailbox): void {
    this.drawer = false;
    this.filter = undefined;
    this.sort = '-receivedAt';
    router.go({ name: 'mail', accountId: mailbox.accountId, mailboxId: mailbox.id });
  }

  goToRole(role: Role): void {
    const mailbox = byRole(this.mailboxes(this.accountId), role);
    if (mailbox) this.goTo(mailbox);
  }

  /** Shows a message, or goes on with a draft. */
  open(summary: MessageSummary): void {
    if (this.mailboxOf(summary)?.role === 'drafts' && this.may('own', [summary])) void this.#goOn(summary);
    else this.#show(summary);
  }

  async #goOn(summary: MessageSummary): Promise<void> {
    try {
      await openDraft(summary.id);
    } catch (error) {
      // What cannot be gone on with can be read: it is being sent, is too large, or is no draft.
      if (error instanceof ApiError && readable.has(error.type)) this.#show(summary);
      else toasts.problem(sentence(error));
    }
  }

  #show(summary: MessageSummary): void {
    const { route } = router;
    if (route.name === 'home') return;
    const to = { ...route, messageId: summary.id };
    if (route.messageId !== undefined) router.replace(to);
    else router.go(to);
  }

  openCursor(): void {
    const summary = this.view?.current();
    if (summary) this.open(summary);
  }

  closeMessage(): void {
    const { route } = router;
    if (route.name === 'home' || route.messageId === undefined) return;
    const { messageId: _, ...list } = route;
    router.backTo(list);
  }

  step(by: 1 | -1): void {
    const { view } = this;
    if (!view) return;
    const at = this.openId ? view.list.indexOf(this.openId) : -1;
    view.moveTo((at >= 0 ? at : view.cursor) + by);
    view.anchor(view.cursor);
    const summary = this.openId && view.current();
    if (summary) this.#show(summary);
  }

  searchFor(q: string, here: boolean): void {
    const { route } = router;
    const mailboxId = route.name === 'home' ? undefined : route.mailboxId;
    router.go({ name: 'search', q, ...(here && mailboxId ? { mailboxId } : {}) });
  }

  // Doing things

  targets(): MessageSummary[] {
    return this.view?.targets(this.openMessage()) ?? [this.openMessage()].filter((one) => one !== undefined);
  }

  async mark(keyword: string, on: boolean, targets = this.targets()): Promise<void> {
    const whole = this.#whole();
    if (whole) {
      const words = {
        title: t('ask.markAll', { n: this.view?.count ?? 0 }),
        text: t('ask.noUndo'),
        yes: t('ok'),
      };
      if ((await ask(words)) === undefined) return;
      this.view?.clear();
      return changeAll(whole, { keywords: { [keyword]: on } });
    }
    this.#unpick(targets);
    return mark(targets, keyword, on);
  }

  toggle(keyword: string, targets = this.targets()): Promise<void> {
    return this.mark(keyword, !targets.every((one) => one.keywords.includes(keyword)), targets);
  }

  async moveToRole(role: 'archive' | 'junk' | 'inbox', targets = this.targets()): Promise<void> {
    const mailbox = byRole(this.mailboxes(this.accountOf(targets)), role);
    if (!mailbox) {
      toasts.problem(t('failed.noFolder', { folder: t(`role.${role}`) }));
      return;
    }
    return this.moveTo(mailbox, targets);
  }

  async moveTo(mailbox: Mailbox, targets = this.targets()): Promise<void> {
    const name = folderName(mailbox);
    const whole = this.#whole();
    if (whole) {
      const title = t('ask.moveAll', { n: this.view?.count ?? 0, folder: name });
      if ((await ask({ title, text: t('ask.noUndo'), yes: t('do.move') })) === undefined) return;
      this.view?.clear();
      return changeAll(whole, { mailboxId: mailbox.id });
    }
    await this.#leaving(targets, () => move(targets, mailbox, name));
  }

  async remove(targets = this.targets()): Promise<void> {
    const own = this.may('own', targets);
    const trash = byRole(this.mailboxes(this.accountOf(targets)), 'trash');
    const whole = this.#whole();
    // That of a shared account may be out of sight, and is there all the same.
    const unseen = !trash && !own;
    const forever = !trash ? own : targets.every((one) => one.mailboxId === trash.id);
    if (whole || forever) {
      const n = whole ? (this.view?.count ?? 0) : targets.length;
      const sure = await ask({
        title: forever ? t('ask.forever', { n }) : t('ask.deleteAll', { n }),
        text: forever ? t('ask.foreverText') : t('ask.noUndo'),
        yes: t('do.delete'),
        danger: true,
      });
      if (sure === undefined) return;
    }
    if (whole) {
      this.view?.clear();
      return changeAll(whole, 'delete');
    }
    const isDraft = (one: MessageSummary) => own && this.mailboxOf(one)?.role === 'drafts';
    const drafts = targets.filter(isDraft).map(({ id }) => id);
    const act = () => this.#leaving(targets, () => remove(targets, unseen ? 'unseen' : trash));
    await (drafts.length > 0 ? withDrafts(drafts, act) : act());
  }

  /** Of the messages in Trash, those that a rule took there go back. */
  async putBack(targets = this.targets()): Promise<void> {
    if (this.#whole()) return void toasts.problem(t('left.only'));
    try {
      const took = await queryClient.ensureQueryData(departed(this.accountOf(targets)));
      const them = targets.filter(({ id }) => took.has(id));
      if (them.length === 0) toasts.problem(t('left.only'));
      else await this.#leaving(them, () => putBack(them));
    } catch (error) {
      toasts.problem(sentence(error));
    }
  }

  chooseFolder(): void {
    if (this.#whole()) this.moving = 'everything';
    else {
      const targets = this.targets();
      if (targets.length > 0) this.moving = targets;
    }
  }

  /** Asks until when. */
  snooze(targets = this.targets()): void {
    if (this.#whole()) toasts.problem(t('snooze.some'));
    else if (targets.length > 0) this.snoozing = targets;
  }

  /** Asks when to be reminded of what was sent. */
  remind(): void {
    const message = this.openMessage() ?? this.view?.current();
    const mailbox = message && this.mailboxOf(message);
    if (message && mailbox?.role === 'sent') this.reminding = { message, accountId: mailbox.accountId };
    else toasts.problem(t('remind.onlySent'));
  }

  async snoozeUntil(until: Date, targets: MessageSummary[]): Promise<void> {
    const { snooze } = await import('../features/messages/snooze.ts');
    const away = byRole(this.mailboxes(this.accountOf(targets)), 'snoozed');
    await this.#leaving(targets, () => snooze(targets, until, away));
  }

  async bringBack(targets: MessageSummary[]): Promise<void> {
    const { bringBack } = await import('../features/messages/snooze.ts');
    await this.#leaving(targets, () => bringBack(targets));
  }

  /** The open message leaves the list: the next one takes its place where there is room beside the list. */
  async #leaving(targets: MessageSummary[], act: () => Promise<void>): Promise<void> {
    const { view, openId } = this;
    const gone = openId !== undefined && targets.some((one) => one.id === openId);
    const at = openId && view ? view.list.indexOf(openId) : -1;
    this.#unpick(targets);
    const done = act();
    if (gone) {
      const next = at >= 0 && layout.wide ? (view?.list.at(at) ?? view?.list.at(at - 1)) : undefined;
      if (next) {
        view?.moveTo(view.list.indexOf(next.id));
        this.#show(next);
      } else this.closeMessage();
    } else view?.moveTo(view.cursor);
    await done;
  }

  #unpick(targets: MessageSummary[]): void {
    if (targets.some((one) => this.view?.picked.has(one.id))) this.view?.clear();
  }

  #whole() {
    const { view } = this;
    if (!view?.everything || !view.mailboxId) return undefined;
    return { mailboxId: view.mailboxId, filter: view.filter };
  }

  accountOf(targets: MessageSummary[]): string {
    const first = targets[0];
    return (first && this.mailboxOf(first)?.accountId) || this.accountId;
  }

  // Writing

  async compose(): Promise<void> {
    try {
      const { accountId, all } = await sendersIn(this.session, this.accountId);
      const from = this.#sender(all, accountId);
      composer.open({ accountId, from, html: `<p></p>${signatureOf(from, all)}` });
    } catch (error) {
      toasts.problem(sentence(error));
    }
  }

  async answer(kind: Answer): Promise<void> {
    const target = this.openMessage() ?? this.view?.current();
    if (!target) return;
    try {
      const [full, senders] = await Promise.all([
        queryClient.fetchQuery(message(target.id)),
        sendersIn(this.session, this.accountOf([target])),
      ]);
      composer.open(await answerTo(full, kind, senders));
    } catch (error) {
      toasts.problem(sentence(error));
    }
  }

  /** Asks whom to. The message is the one of now: the list may move under the question. */
  redirect(): void {
    const message = this.openMessage() ?? this.view?.current();
    this.redirecting = message && { message, accountId: homeIn(this.session, this.accountOf([message])) };
  }

  /** A mail that something in a message is all but written for, such as one that leaves a list. */
  async write({ address, subject, body }: { address: string; subject: string; body: string }): Promise<void> {
    const target = this.openMessage() ?? this.view?.current();
    try {
      const { accountId, all } = await sendersIn(
        this.session,
        target ? this.accountOf([target]) : this.accountId,
      );
      const from = this.#sender(all, accountId);
      composer.open({
        accountId,
        from,
        to: [{ name: null, email: address }],
        subject,
        html: textToHtml(body),
      });
    } catch (error) {
      toasts.problem(sentence(error));
    }
  }

  #sender(all: { name: string | null; email: string }[], accountId: string): Person {
    const address = this.session.accounts.find((account) => account.id === accountId)?.address ?? '';
    const { name, email } = all[0] ?? { name: null, email: address };
    return { name, email };
  }
}
