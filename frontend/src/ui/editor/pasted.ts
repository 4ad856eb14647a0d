import { pictureIn } from '../../lib/pictures.ts';
import { cleanMail, PICTURE_OF_DRAFT } from '../../lib/sanitize.ts';

/** How the editor says where a piece that was copied from it began and ended, and what it was in. */
const SLICE = /<\w{1,20}\s(?:[^<>]*\s)?data-pm-slice="(\d{1,2} \d{1,2}) (\[[^<>"]{0,400}\])"/;
const AROUND = ['blockquote', 'bulletList', 'orderedList', 'listItem'];

/**
 * What is pasted comes from anywhere. Its own pictures become ours; where others are is nobody's business. A piece of a
 * mail written here stays as it was.
 *
 * @param ours under which Content-ID a picture goes along, given as a file or by the one it has; nothing where it does not
 * @return what it is then, and how many pictures did not come along
 */
export function adapted(
  pasted: string,
  ours: (picture: File | string) => string | undefined,
): { html: string; lost: number } {
  const { body } = document.implementation.createHTMLDocument();
  body.append(cleanMail(pasted, PICTURE_OF_DRAFT).fragment);
  const known = new Map<string, string | undefined>();
  let lost = 0;
  for (const image of body.querySelectorAll('img')) {
    const address = image.getAttribute('src') ?? '';
    const file = pictureIn(address);
    if (!known.has(address) && (file || address.startsWith('cid:')))
      known.set(address, ours(file ?? address.slice('cid:'.length)));
    const contentId = known.get(address);
    if (contentId) image.setAttribute('src', `cid:${contentId}`);
    else image.remove();
    if (!contentId && !file) lost++;
  }
  const slice = sliceOf(pasted);
  if (slice) body.firstElementChild?.setAttribute('data-pm-slice', slice);
  return { html: body.innerHTML, lost };
}

/** As strange as the rest: of what it was in only the names are taken, and only some. */
function sliceOf(pasted: string): string | undefined {
  const [, depths, around = ''] = SLICE.exec(pasted) ?? [];
  try {
    const all: unknown = JSON.parse(around.replaceAll('&quot;', '"'));
    if (!Array.isArray(all)) return undefined;
    const names = all.filter((_, at) => at % 2 === 0);
    if (!names.every((name) => AROUND.includes(name))) return undefined;
    return `${depths} ${JSON.stringify(names.flatMap((name) => [name, null]))}`;
  } catch {
    return undefined;
  }
}
