/** One rule of a mail's style sheet that may stay. `media` is empty for rules that always hold. */
export interface Rule {
  media: string;
  selector: string;
  style: CSSStyleDeclaration;
}

const properties = new Set(
  `align-content align-items align-self background-clip background-color background-image
  border-bottom-color border-bottom-left-radius border-bottom-right-radius border-bottom-style border-bottom-width
  border-collapse border-left-color border-left-style border-left-width border-right-color border-right-style
  border-right-width border-spacing border-top-color border-top-left-radius border-top-right-radius border-top-style
  border-top-width box-shadow box-sizing caption-side clear color color-scheme column-gap direction display empty-cells
  flex-basis flex-direction flex-grow flex-shrink flex-wrap float font-family font-size font-stretch font-style
  font-variant font-variant-caps font-weight grid-template-columns height hyphens justify-content justify-items
  letter-spacing line-height list-style-position list-style-type margin-bottom margin-left margin-right margin-top
  max-height max-width min-height min-width object-fit opacity order overflow overflow-wrap overflow-x overflow-y
  padding-bottom padding-left padding-right padding-top row-gap tab-size table-layout text-align text-align-last
  text-decoration text-decoration-color text-decoration-line text-decoration-style text-decoration-thickness
  text-indent text-overflow text-shadow text-transform text-underline-offset text-wrap text-wrap-mode unicode-bidi
  vertical-align visibility white-space white-space-collapse width word-break word-spacing word-wrap`.split(
    /\s+/,
  ),
);
// What jsdom and older browsers do not take apart.
for (const short of ['background', 'border', 'font', 'margin', 'padding', 'list-style', 'flex', 'gap'])
  properties.add(short);

const functions =
  /^(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|calc|min|max|clamp|linear-gradient|radial-gradient|repeat|minmax|)$/i;

/** The value as the browser read it: no address, no height of the window, nothing that leaves its place. */
function mayBe(property: string, value: string): boolean {
  if (value.length > 1000 || /[\\@{}<;]/.test(value)) return false;
  if (/\d{5}/.test(value.replace(/\.\d+/g, '')) || /\d[dsl]?v(h|min|max|b)\b/i.test(value)) return false;
  if (property.startsWith('margin') && /-\s*\d|-\.|calc/i.test(value)) return false;
  for (const [, name = ''] of value.replace(/"[^"]*"|'[^']*'/g, '').matchAll(/([\w-]*)\(/g))
    if (!functions.test(name)) return false;
  return true;
}

/** The declarations that may stay, in the browser's own reading; a policy of the page has no say in it. */
function allowed(style: CSSStyleDeclaration): CSSStyleDeclaration {
  const kept = document.createElement('i').style;
  for (let at = 0; at < style.length; at++) {
    const property = style.item(at);
    const value = style.getPropertyValue(property);
    if (properties.has(property) && mayBe(property, value))
      kept.setProperty(property, value, style.getPropertyPriority(property));
  }
  return kept;
}

/** The same of a `style` attribute. */
export function allowedText(text: string): CSSStyleDeclaration {
  const probe = document.createElement('i').style;
  probe.cssText = text;
  return allowed(probe);
}

const compound = String.raw`(?:\*|[a-z][a-z0-9]*)?(?:\.m-[\w-]*|:(?:link|hover|active|focus|(?:first|last|only)-child|(?:first|last)-of-type))*`;
const selector = new RegExp(`^\\.m--body(?:[.:][\\w-]+)*(?:(?: | [>+~] )${compound})*$`);

/**
 * The rules of a mail's style sheet, read by the browser's own parser: only those that the server has bound to the
 * mail's body, and of these only what an element's style may say. Whether it is dark is not asked of the system but
 * settled here, for the webmail has a scheme of its own.
 */
export function allowedRules(css: string, dark: boolean): Rule[] {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css); // an import is not followed here
  const rules: Rule[] = [];
  const collect = (list: CSSRuleList, media: string) => {
    for (const rule of list) {
      if (rules.length >= 4000) return;
      if (rule instanceof CSSStyleRule) {
        const names = rule.selectorText.split(',').map((one) => one.trim());
        const own = names.filter((one) => selector.test(one)).join(',');
        const style = allowed(rule.style);
        if (own && style.length > 0) rules.push({ media, selector: own, style });
      } else if (rule instanceof CSSMediaRule && media === '') {
        const query = settled(rule.conditionText, dark);
        if (query !== null) collect(rule.cssRules, query);
      }
    }
  };
  collect(sheet.cssRules, '');
  return rules;
}

const feature =
  /^\((?:(?:min|max)-(?:device-)?width|orientation|-webkit-min-device-pixel-ratio|min-resolution): [a-z0-9./ ]{1,20}\)$/;

/** A media query without its scheme; null when it cannot hold. */
export function settled(query: string, dark: boolean): string | null {
  const scheme = `(prefers-color-scheme: ${dark ? 'dark' : 'light'})`;
  const kept = query
    .split(',')
    .map((one) =>
      one
        .trim()
        .split(' and ')
        .filter((part) => !/^(?:only )?(?:screen|all)$/.test(part) && part !== scheme),
    )
    .filter((parts) => parts.every((part) => feature.test(part)))
    .map((parts) => parts.join(' and ') || 'all');
  return kept.length > 0 ? kept.join(',') : null;
}

export function sheetText(rules: Rule[]): string {
  return rules
    .map(({ media, selector, style }) => {
      const rule = `${selector}{${style.cssText}}`;
      return media === '' ? rule : `@media ${media}{${rule}}`;
    })
    .join('\n');
}
