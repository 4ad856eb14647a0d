import { ApiError } from '../../api/client.ts';
import { sentence } from '../../api/sentences.ts';
import { beginUpload, bringPiece, dropUpload, uploadOffset } from '../../api/uploads.ts';
import { t } from '../../lib/words.ts';
import { dropFile, keepFile } from './keptFiles.ts';
import { turn } from './turns.ts';

/** The first piece, and what pieces are multiples of, as the server keeps them. */
const PIECE = 256 * 1024;
const LARGEST = 4 * 1024 * 1024;
/** A piece that is quicker is followed by a larger one, and one that is slower by a smaller one; milliseconds. */
const QUICK = 500;
const SLOW = 4_000;
const WAITS = [1_000, 2_000, 5_000, 10_000, 30_000];

/** Where a file is to go. */
interface Goal {
  /** Of the attachment, under which the file is kept on this device meanwhile. */
  key: string;
  accountId(): string;
  /** All of it is there. */
  ondone(uploadId: string): void;
  /** The server knows it now, under its `id`: from here on it can be gone on with. */
  onbegun(): void;
}

/** One file on its way to the server: in pieces, gone on with after every loss, until it is there or refused. */
export class Upload {
  /** Waiting: the server cannot be had, and we go on trying. */
  state: 'uploading' | 'waiting' | 'done' | 'failed' = $state('uploading');
  /** Octets that the server has for good. */
  sent = $state(0);
  /** Why it failed. */
  problem = $state('');
  id: string | undefined;
  readonly #file: File;
  readonly #goal: Goal;
  #piece = PIECE;
  #losses = 0;
  #stop = new AbortController();
  #wake: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  /** @param begun under which id an earlier page had begun it */
  constructor(file: File, goal: Goal, begun?: string) {
    this.#file = file;
    this.#goal = goal;
    this.id = begun;
    this.start();
  }

  get file(): File {
    return this.#file;
  }

  get size(): number {
    return this.#file.size;
  }

  /** Resolves when it is there, refused or cancelled. */
  get settled(): Promise<void> {
    return this.#running;
  }

  /** From where it is; or anew, after it was refused or cancelled. */
  start(): void {
    this.state = 'uploading';
    this.problem = '';
    this.#losses = 0;
    this.#stop = new AbortController();
    void keepFile(this.#goal.key, this.#file);
    this.#running = this.#go(this.#stop.signal);
  }

  /** Away with it. */
  cancel(): void {
    this.#stop.abort();
    this.#wake?.();
    void dropFile(this.#goal.key);
    if (this.id && this.state !== 'done')
      // What cannot be thrown away now goes by itself tomorrow.
      void dropUpload(this.id).catch(() => undefined);
    this.id = undefined;
    this.sent = 0;
  }

  async #go(stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      try {
        await this.#bring(stopped);
        if (stopped.aborted) return;
        this.state = 'done';
        void dropFile(this.#goal.key);
        if (this.id) this.#goal.ondone(this.id);
        return;
      } catch (error) {
        if (stopped.aborted) return;
        const why = this.#refusal(error);
        if (why !== undefined) {
          this.state = 'failed';
          this.problem = why;
          return;
        }
        this.state = 'waiting';
        await this.#pause(WAITS[Math.min(this.#losses++, WAITS.length - 1)] ?? 30_000);
      }
    }
  }

  async #bring(stopped: AbortSignal): Promise<void> {
    this.sent = await this.#begin();
    while (this.sent < this.size && !stopped.aborted) {
      await turn(async () => {
        if (stopped.aborted || !this.id) return;
        const piece = await this.#file.slice(this.sent, this.sent + this.#piece).arrayBuffer();
        const began = performance.now();
        await bringPiece(this.id, this.sent, piece, stopped);
        if (stopped.aborted) return;
        this.#pace(performance.now() - began);
        this.sent += piece.byteLength;
        this.state = 'uploading';
        this.#losses = 0;
      });
    }
  }

  /** Where to go on. */
  async #begin(): Promise<number> {
    if (this.id) return uploadOffset(this.id);
    const { name, type, size } = this.#file;
    this.id = await beginUpload({ name, type, size, accountId: this.#goal.accountId() });
    this.#goal.onbegun();
    return 0;
  }

  #pace(took: number): void {
    if (took < QUICK) this.#piece = Math.min(LARGEST, this.#piece * 2);
    else if (took > SLOW) this.#piece = Math.max(PIECE, this.#piece / 2);
  }

  /** Why it is useless to go on; undefined where it is not. */
  #refusal(error: unknown): string | undefined {
    if (!(error instanceof ApiError)) return t('compose.unreadable', { name: this.#file.name });
    switch (error.type) {
      case '/problems/not-found':
        this.id = undefined; // it had expired: from the beginning, then
        return undefined;
      case '/problems/request-too-large':
        return t('compose.fileTooLarge');
      case '/problems/over-quota':
        return t('compose.filesTooMany');
      case '/problems/conflict': // somebody went on with it, as this page did before its connection was lost
      case '/problems/sign-in-required':
      case '/problems/too-many-requests':
        return undefined;
      default:
        return error.problem && error.problem.status < 500 ? sentence(error) : undefined;
    }
  }

  /** Until then, or until the network is said to be back. */
  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      addEventListener('online', this.#wake, { once: true });
      setTimeout(this.#wake, ms);
    });
    if (this.#wake) removeEventListener('online', this.#wake);
    this.#wake = undefined;
  }
}
