import { queryOptions } from '@tanstack/svelte-query';
import { t } from '../lib/words.ts';
import { ApiError, client, must, type TemplateRequest } from './client.ts';
import { queryClient } from './queries.ts';
import { sentence } from './sentences.ts';

export const templates = () =>
  queryOptions({
    queryKey: ['templates'],
    queryFn: async () => (await must(client.GET('/templates'))).items,
  });

export function template(templateId: string) {
  return must(client.GET('/templates/{templateId}', { params: { path: { templateId } } }));
}

/** Keeps one; the answer is the id of the one that has its name already, which is left as it is. */
export async function addTemplate(body: TemplateRequest): Promise<string | undefined> {
  try {
    await must(client.POST('/templates', { body }));
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.type === '/problems/already-exists')
      return error.location?.split('/').at(-1);
    throw error;
  } finally {
    changed();
  }
}

/** Changes one as it is now. */
export async function changeTemplate(templateId: string, change: Partial<TemplateRequest>): Promise<void> {
  const { id, revision, ...now } = await template(templateId);
  try {
    await must(
      client.PUT('/templates/{templateId}', {
        params: { path: { templateId: id }, header: { 'If-Match': `"${revision}"` } },
        body: { ...now, ...change },
      }),
    );
  } finally {
    changed();
  }
}

export async function removeTemplate(templateId: string): Promise<void> {
  try {
    await must(client.DELETE('/templates/{templateId}', { params: { path: { templateId } } }));
  } finally {
    changed();
  }
}

function changed(): void {
  void queryClient.invalidateQueries({ queryKey: templates().queryKey });
}

/** What went wrong, in words. */
export function templateSentence(error: unknown): string {
  const full = error instanceof ApiError && error.type === '/problems/over-quota';
  return full ? t('templates.full') : sentence(error);
}
