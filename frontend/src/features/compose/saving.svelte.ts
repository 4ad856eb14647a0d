import { ApiError, client, type Draft, type DraftContent, must } from '../../api/client.ts';
import { randomKey } from '../../lib/random.ts';

const PAUSE = 1_500;
const WAITS = [2_000, 5_000, 10_000, 30_000];

/** Which draft of the server's it is, as it outlives the page. */
export interface Place {
  key: string;
  id: string | undefined;
  revision: number;
}

/** The mail that is being saved. */
interface Written {
  content(): DraftContent;
  onsaved(): void;
  /** The server refuses it as it was; the answer tells whether it has become another. */
  onrefused(error: ApiError, content: DraftContent): boolean;
}

/**
 * The draft on the server of one mail being written: there within two seconds of a pause, one request at a time, asked
 * again until it is. The same request may be made twice without harm, for the server knows it again.
 */
export class Saving {
  /** Saved: as it is now. Waiting: the server cannot be had, and we go on trying. */
  state: 'new' | 'saving' | 'saved' | 'waiting' = $state('new');
  at: Date | undefined = $state();
  /** Another device had changed it first: theirs and ours are two drafts now. */
  diverged = $state(false);
  #place: Place;
  #written: Written;
  #acknowledged = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #failures = 0;
  #asked = false;
  #ended = false;

  constructor(written: Written, place?: Place) {
    this.#written = written;
    this.#place = place ?? { key: randomKey(), id: undefined, revision: 0 };
    this.#asked = place !== undefined;
  }

  get place(): Place {
    return { ...this.#place };
  }

  /** Whether the server has it as it is now. */
  get clean(): boolean {
    return JSON.stringify(this.#written.content()) === this.#acknowledged;
  }

  /** It is as the server has it. */
  acknowledge(): void {
    this.#acknowledged = JSON.stringify(this.#written.content());
    this.state = 'saved';
  }

  /** Something was written. */
  touch(): void {
    if (!this.#ended && !this.clean) this.#later(PAUSE);
  }

  /** The last of it is saved, if the server can be had, and then no more: it is being sent. */
  async finish(): Promise<void> {
    await this.end();
    if (!this.clean) await this.#put().catch(() => undefined);
  }

  /** No more of it: it is thrown away. Resolves when nothing is under way. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** It goes on: it was not sent after all. */
  resume(): void {
    this.#ended = false;
    this.touch();
  }

  /** It was thrown away and is wanted again: another draft from now on. */
  renew(): void {
    this.#place = { key: randomKey(), id: undefined, revision: 0 };
    this.#acknowledged = '';
    this.#asked = false;
    this.state = 'new';
    this.resume();
  }

  /** Away with it, unless another device went on with it. */
  async discard(): Promise<void> {
    await this.end();
    try {
      // Whether an unanswered request made one is only to be known by making it again.
      if (this.#asked && !this.#place.id) await this.#put();
      const { id, revision } = this.#place;
      if (id)
        await must(
          client.DELETE('/drafts/{draftId}', {
            params: { path: { draftId: id }, header: { 'If-Match': `"${revision}"` } },
          }),
        );
    } catch {
      // It stays on the server; better a draft too many than one lost.
    }
  }

  #later(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), wait);
  }

  /** Now, or as soon as what is under way has ended. */
  async save(): Promise<void> {
    await this.#running;
    if (this.#ended || this.clean) return;
    this.#running = this.#once().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #once(): Promise<void> {
    this.state = 'saving';
    try {
      await this.#put();
      this.#failures = 0;
      this.at = new Date();
      this.state = 'saved';
      this.#written.onsaved();
      this.touch();
    } catch (error) {
      this.state = 'waiting';
      const refused = error instanceof ApiError && error.problem && error.problem.status < 500;
      // What is refused would be refused again; what is written next may not be.
      if (!refused || error.problem?.status === 429)
        this.#later(WAITS[Math.min(this.#failures++, WAITS.length - 1)] ?? PAUSE);
    }
  }

  async #put(): Promise<void> {
    let content = this.#written.content();
    for (let tries = 0; ; tries++) {
      try {
        const { id, revision } = await this.#request(content);
        this.#place = { ...this.#place, id, revision };
        break;
      } catch (error) {
        if (!(error instanceof ApiError) || tries === 3) throw error;
        if (error.location) {
          this.#place = { ...this.#place, id: error.location.split('/').at(-1), revision: 1 };
          if (error.type === '/problems/conflict') {
            this.diverged = true;
            break;
          }
        } else if (error.type === '/problems/not-found' && this.#place.id) {
          // Sent or thrown away elsewhere; what is written here is not.
          this.#place = { key: randomKey(), id: undefined, revision: 0 };
        } else if (this.#written.onrefused(error, content)) content = this.#written.content();
        else throw error;
      }
    }
    this.#acknowledged = JSON.stringify(content);
  }

  #request(content: DraftContent): Promise<Draft> {
    const { key, id, revision } = this.#place;
    this.#asked = true;
    return must(
      id
        ? client.PUT('/drafts/{draftId}', {
            params: { path: { draftId: id }, header: { 'If-Match': `"${revision}"` } },
            body: content,
          })
        : client.POST('/drafts', { params: { header: { 'Idempotency-Key': key } }, body: content }),
    );
  }
}
