/** How people speak of a file that they send along, in our languages and in some others. */
const WORDS = [
  'attach(?:ed|ing|ments?)?',
  'enclosed',
  'anh[aä]nge?s?',
  'ang(?:ehängt|ehangen|ehäng)\\p{L}*',
  'anbei',
  'anlagen?',
  'beigefügt\\p{L}*',
  'beigelegt\\p{L}*',
  'beiliegend\\p{L}*',
  'adjunt[oa]s?',
  'adjunt(?:amos|é|ado|ada|ados|adas|ando)',
  'ci-joint\\p{L}*',
  'pièces? jointes?',
  'allegat[oiae]',
  'allego',
  'anexos?',
  'bijlagen?',
  'bijgevoegd\\p{L}*',
  'załącznik\\p{L}*',
  'w załączeniu',
];
const SPOKEN = new RegExp(`(?<![\\p{L}-])(?:${WORDS.join('|')})(?![\\p{L}-])`, 'iu');

/** The word by which a mail speaks of a file, in what its writer wrote and not in what is quoted. */
export function spokenFile(subject: string, html: string, forwarded: string): string | undefined {
  const own = unquoted(html.split(forwarded)[0] ?? '').replace(/<[^>]*>/g, ' ');
  // Whoever answers "Re: attachment" speaks of another's.
  const about = /^\s*\p{L}{1,4}\s*:/u.test(subject) ? '' : subject;
  return SPOKEN.exec(`${about}\n${own}`)?.[0];
}

/** What is in no quote, between two of them too. */
function unquoted(html: string): string {
  let depth = 0;
  return html
    .split(/(<\/?blockquote\b)/)
    .filter((piece) => {
      if (piece === '<blockquote') depth++;
      if (piece === '</blockquote') depth = Math.max(0, depth - 1);
      return depth === 0;
    })
    .join('');
}
