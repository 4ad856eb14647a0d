import { ApiError, type Contact, client, must, type ProblemType } from '../../api/client.ts';
import { sentence } from '../../api/sentences.ts';
import { displayName } from '../../lib/addresses.ts';
import { t } from '../../lib/words.ts';

export type Which = 'saved' | 'collected';
type Word = Parameters<typeof t>[0];

const PAGE = 100;
const ours: Partial<Record<ProblemType, Word>> = {
  '/problems/already-exists': 'contacts.there',
  '/problems/over-quota': 'contacts.full',
};
const ofFiles: Partial<Record<ProblemType, Word>> = {
  ...ours,
  '/problems/invalid-request': 'contacts.noCards',
  '/problems/request-too-large': 'contacts.tooMany',
};

function said(error: unknown, words: Partial<Record<ProblemType, Word>>): string {
  const word = error instanceof ApiError ? words[error.type] : undefined;
  return word ? t(word) : sentence(error);
}

/** Something that happened, and how to undo it. */
interface News {
  text: string;
  problem?: boolean;
  undo?: () => void;
}

/** The address book as it is looked at: one list, part of it, and what was done last. */
export class Book {
  which: Which = $state('saved');
  text = $state('');
  items: Contact[] = $state.raw([]);
  next: string | null = $state(null);
  /** Whether the list is what was asked for; the one before is shown until then. */
  ready = $state(false);
  news: News | undefined = $state.raw();
  importing = $state(false);
  #asked: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(which: Which): void {
    this.which = which;
    this.items = [];
    this.ready = false;
    void this.load();
  }

  /** A moment after the last key. */
  find(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), 120);
  }

  load(): Promise<void> {
    return this.#read(null);
  }

  more(): Promise<void> {
    return this.#read(this.next);
  }

  /** Adds somebody, or changes a contact. The answer is what is wrong, or '' where nothing is. */
  async save(contact: Contact | undefined, name: string, email: string): Promise<string> {
    const body = { name: name.trim() || null, email: email.trim() };
    try {
      await must(
        contact
          ? client.PUT('/contacts/{contactId}', {
              params: { path: { contactId: contact.id }, header: { 'If-Match': `"${contact.revision}"` } },
              body,
            })
          : client.POST('/contacts', { body }),
      );
    } catch (error) {
      const address = error instanceof ApiError && error.problem?.errors?.[0]?.pointer === '/email';
      return address ? t('contacts.wrongAddress') : said(error, ours);
    }
    this.news = undefined;
    await this.load();
    return '';
  }

  async remove(contact: Contact): Promise<void> {
    const name = displayName(contact);
    await this.#do(async () => {
      await must(client.DELETE('/contacts/{contactId}', { params: { path: { contactId: contact.id } } }));
      this.items = this.items.filter((one) => one.id !== contact.id);
      this.news = contact.saved
        ? { text: t('contacts.removed', { name }), undo: () => void this.#bringBack(contact) }
        : { text: t('contacts.notSuggested', { name }) };
    }, ours);
  }

  async import(file: File): Promise<void> {
    this.importing = true;
    await this.#do(async () => {
      // As it is: what charset a card is in, the card itself says.
      const call = client.POST('/contacts/import', {
        body: '',
        bodySerializer: () => file,
        headers: { 'Content-Type': 'text/vcard' },
      });
      const { made, updated, skipped } = await must(call);
      const parts = [t('contacts.made', { n: made })];
      if (updated > 0) parts.push(t('contacts.updated', { n: updated }));
      if (skipped > 0) parts.push(t('contacts.skipped', { n: skipped }));
      this.news = { text: `${parts.join(', ')}.` };
      this.show('saved');
    }, ofFiles);
    this.importing = false;
  }

  async #bringBack({ name, email }: Contact): Promise<void> {
    this.news = undefined;
    await this.#do(async () => {
      await must(client.POST('/contacts', { body: { name, email } }));
      await this.load();
    }, ours);
  }

  async #do(work: () => Promise<void>, words: Partial<Record<ProblemType, Word>>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.news = { text: said(error, words), problem: true };
    }
  }

  async #read(cursor: string | null): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const q = this.text.trim();
    const query = { list: this.which, limit: PAGE, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) };
    try {
      const page = await must(client.GET('/contacts', { params: { query }, signal: asked.signal }));
      if (asked.signal.aborted) return;
      this.items = cursor ? [...this.items, ...page.items] : page.items;
      this.next = page.next;
    } catch (error) {
      if (asked.signal.aborted) return;
      this.news = { text: sentence(error), problem: true };
    }
    this.ready = true;
  }
}
