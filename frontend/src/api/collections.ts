import { queryOptions } from '@tanstack/svelte-query';
import { type Collection, type CollectionChange, client, must, type NewCollection } from './client.ts';
import { queryClient } from './queries.ts';

/** Soon again while something moves. */
export const collections = () =>
  queryOptions({
    queryKey: ['collections'],
    queryFn: async () => (await must(client.GET('/collections'))).items,
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.some(isMoving) ? 2_000 : 20_000),
  });

function isMoving({ state, progress, nextRunAt }: Collection): boolean {
  const soon = nextRunAt !== null && Date.parse(nextRunAt) < Date.now() + 20_000;
  return state === 'running' || progress !== null || soon;
}

export function addCollection(body: NewCollection): Promise<Collection> {
  return changed(must(client.POST('/collections', { body })));
}

export function changeCollection(collectionId: string, body: CollectionChange): Promise<Collection> {
  return changed(
    must(client.PATCH('/collections/{collectionId}', { params: { path: { collectionId } }, body })),
  );
}

export function runCollection(collectionId: string): Promise<Collection> {
  return changed(
    must(client.POST('/collections/{collectionId}/run', { params: { path: { collectionId } } })),
  );
}

export async function removeCollection(collectionId: string): Promise<void> {
  await changed(must(client.DELETE('/collections/{collectionId}', { params: { path: { collectionId } } })));
}

async function changed<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } finally {
    await queryClient.invalidateQueries({ queryKey: collections().queryKey });
  }
}
