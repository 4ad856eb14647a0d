/** Gives a sheet that covers the page a history entry of its own, so that Back closes it. The answer ends that. */
export function backCloses(close: () => void): () => void {
  let open = true;
  const pop = () => {
    removeEventListener('popstate', pop);
    if (!open) return;
    open = false;
    close();
  };
  history.pushState({ ours: true }, '');
  addEventListener('popstate', pop);
  return () => {
    if (!open) return;
    open = false;
    removeEventListener('popstate', pop);
    history.back();
  };
}
