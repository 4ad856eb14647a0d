import { addTemplate, changeTemplate, template, templateSentence } from '../../api/templates.ts';
import { type Person, sameAddress } from '../../lib/addresses.ts';
import { textToHtml } from '../../lib/html.ts';
import { dropOriginal } from '../../lib/quoting.ts';
import { t } from '../../lib/words.ts';
import { ask } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { Compose } from './compose.svelte.ts';

const LONGEST_NAME = 200;
const noOriginal = { inReplyTo: undefined, forwardOf: undefined };

/** Begins, or goes on, with a text that is kept; what is there already stays. */
export async function insertTemplate(
  compose: Compose,
  templateId: string,
  write: (html: string) => void,
): Promise<void> {
  try {
    const { subject, html, text, to, cc, bcc } = await template(templateId);
    write(html ?? textToHtml(text ?? ''));
    if (!compose.subject) compose.subject = subject;
    for (const [field, people] of [
      ['to', to],
      ['cc', cc],
      ['bcc', bcc],
    ] as const)
      for (const { name, email } of people) addTo(compose, field, { name: name ?? null, email });
  } catch (error) {
    toasts.problem(templateSentence(error));
  }
}

function addTo(compose: Compose, field: 'to' | 'cc' | 'bcc', person: Person): void {
  if (!compose.recipients.some((one) => sameAddress(one.email, person.email)))
    compose[field] = [...compose[field], person];
}

/** Keeps a text under a name that the user gives; one that has the name already is replaced if that is meant. */
export async function saveTemplate(subject: string, html: string): Promise<void> {
  const name = await ask({
    title: t('templates.save'),
    text: t('templates.saveText'),
    field: { label: t('templates.name'), value: subject.slice(0, LONGEST_NAME) },
    yes: t('ok'),
  });
  if (name === undefined) return;
  try {
    const there = await addTemplate({ name, subject, html });
    if (there !== undefined) {
      const question = { title: t('templates.replaceAsk', { name }), text: '', yes: t('templates.replace') };
      if ((await ask(question)) === undefined) return;
      await changeTemplate(there, { name, subject, html });
    }
    toasts.show({ text: t('templates.saved', { name }), seconds: 4 });
  } catch (error) {
    toasts.problem(templateSentence(error));
  }
}

/**
 * Of a mail what is worth keeping: neither its signature, which the next one has anyway, nor what it answers or forwards,
 * nor pictures, which are files of this one mail.
 *
 * @param html as the editor writes it
 */
export async function keepable(
  html: string,
  signature = '',
  { inReplyTo, forwardOf }: Pick<Compose, 'inReplyTo' | 'forwardOf'> = noOriginal,
): Promise<string> {
  // Loaded with the editor.
  const { cleanMail, PICTURE_OF_DRAFT } = await import('../../lib/sanitize.ts');
  const { body } = document.implementation.createHTMLDocument();
  body.append(cleanMail(html.replace(signature, ''), PICTURE_OF_DRAFT).fragment);
  if (inReplyTo !== undefined) dropOriginal(body, 'answer');
  else if (forwardOf !== undefined) dropOriginal(body, 'forward');
  for (const image of body.querySelectorAll('img')) image.remove();
  const isBlank = (one: Element | null) => one?.localName === 'p' && one.childNodes.length === 0;
  while (isBlank(body.firstElementChild)) body.firstElementChild?.remove();
  while (isBlank(body.lastElementChild)) body.lastElementChild?.remove();
  return body.innerHTML;
}
