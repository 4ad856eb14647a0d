interface Toast {
  id: number;
  text: string;
  look: 'plain' | 'problem';
  action?: { label: string; run(): void } | undefined;
}

interface Wish {
  text: string;
  look?: Toast['look'];
  action?: Toast['action'];
  seconds?: number;
}

class Toasts {
  all: Toast[] = $state([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Says something at the foot of the window for a while. */
  show({ text, look = 'plain', action, seconds = 8 }: Wish): number {
    const id = this.#next++;
    // One at a time is calm; but mere news must not take away what can still be undone.
    const kept = action ? [] : this.all.filter((old) => old.action);
    for (const old of this.all) if (!kept.includes(old)) this.#stop(old.id);
    this.all = [...kept, { id, text, look, action }];
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), seconds * 1_000),
    );
    return id;
  }

  problem(text: string, action?: Toast['action']): number {
    return this.show({ text, look: 'problem', action, seconds: 12 });
  }

  close(id: number): void {
    this.#stop(id);
    this.all = this.all.filter((toast) => toast.id !== id);
  }

  /** Does the newest action, as `z` does. */
  undo(): boolean {
    const newest = this.all.findLast((toast) => toast.action);
    if (!newest?.action) return false;
    this.close(newest.id);
    newest.action.run();
    return true;
  }

  #stop(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}

export const toasts = new Toasts();
