import { client, type IdentityRequest, must } from './client.ts';
import { identities, queryClient } from './queries.ts';

/** Keeps an identity of an account: a new one, or the one of that id as it is now. */
export async function keepIdentity(accountId: string, identityId: string | undefined, body: IdentityRequest) {
  try {
    if (identityId === undefined)
      await must(client.POST('/accounts/{accountId}/identities', { params: { path: { accountId } }, body }));
    else
      await must(
        client.PATCH('/accounts/{accountId}/identities/{identityId}', {
          params: { path: { accountId, identityId } },
          body,
        }),
      );
  } finally {
    await changed(accountId);
  }
}

export async function removeIdentity(accountId: string, identityId: string) {
  try {
    await must(
      client.DELETE('/accounts/{accountId}/identities/{identityId}', {
        params: { path: { accountId, identityId } },
      }),
    );
  } finally {
    await changed(accountId);
  }
}

function changed(accountId: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: identities(accountId).queryKey });
}
