/** What the history remembers of its current entry, if it is one of ours. */
interface Entry {
  ours: true;
  /** It is a sheet's own: who goes elsewhere from there puts that in its place. */
  sheet?: number;
}

let sheets = 0;

function current(): Entry | null {
  return history.state;
}

/** Whether the page is covered by a sheet that Back closes. */
export function isInSheet(): boolean {
  return current()?.sheet !== undefined;
}

/** Gives a sheet that covers the page a history entry of its own, so that Back closes it. The answer ends that. */
export function backCloses(close: () => void): () => void {
  const sheet = ++sheets;
  let open = true;
  const pop = () => {
    removeEventListener('popstate', pop);
    if (!open) return;
    open = false;
    close();
  };
  history.pushState({ ours: true, sheet } satisfies Entry, '');
  addEventListener('popstate', pop);
  return () => {
    if (!open) return;
    open = false;
    removeEventListener('popstate', pop);
    // Where something was chosen in it, that has taken its place.
    if (current()?.sheet === sheet) history.back();
  };
}
