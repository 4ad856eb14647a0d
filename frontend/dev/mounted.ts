import { QueryClientProvider } from '@tanstack/svelte-query';
import { type Component, createRawSnippet, flushSync, getAllContexts, mount, unmount } from 'svelte';
import { queryClient } from '../src/api/queries.ts';

// jsdom knows dialogs, but not how they open.
HTMLDialogElement.prototype.showModal ??= function () {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function () {
  this.open = false;
};

/** Shows a component that asks the server for things. The answer takes it away again. */
export function mounted<Props extends Record<string, unknown>>(
  component: Component<Props>,
  props: Props,
): () => void {
  const children = createRawSnippet(() => ({
    render: () => '<div></div>',
    setup: (target) => {
      const inside = mount(component, { target, props, context: getAllContexts() });
      return () => void unmount(inside);
    },
  }));
  const all = mount(QueryClientProvider, {
    target: document.body,
    props: { client: queryClient, children },
  });
  flushSync();
  return () => {
    void unmount(all);
    flushSync();
  };
}
