import type { Rule } from '../../lib/css.ts';

export type Rgb = [red: number, green: number, blue: number];

/** The dark sheet of `mail.css`, and what is written on it. */
const SHEET: Rgb = [22, 28, 30];
const INK = '#e6eaeb';

const channel = (value: number) => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
/** WCAG 2.2, relative luminance. */
const luminance = ([red, green, blue]: Rgb) =>
  0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
const contrast = (one: Rgb, other: Rgb) => {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

const isGrey = (color: Rgb) => Math.max(...color) - Math.min(...color) < 24;
/** As good as the paper itself. */
export const isPaper = (color: Rgb) => luminance(color) > 0.95;

/** A text's colour on the dark sheet: as it is where it can be read, light instead of dark, else lighter. */
export function atNight(color: Rgb): string {
  const css = (rgb: Rgb) => `rgb(${rgb.map(Math.round).join(', ')})`;
  if (contrast(color, SHEET) >= 4.5) return css(color);
  if (isGrey(color) && luminance(color) < 0.05) return INK;
  for (let white = 0.1; white < 1; white += 0.1) {
    const lighter = color.map((part) => part + (255 - part) * white) as Rgb;
    if (contrast(lighter, SHEET) >= 4.5) return css(lighter);
  }
  return INK;
}

let canvas: CanvasRenderingContext2D | null = null;

/** Any colour of CSS as the browser understands it; null for none and for what shines through. */
function rgb(color: string): Rgb | null {
  canvas ??= document.createElement('canvas').getContext('2d');
  if (!canvas || !color || /^(inherit|initial|unset|currentcolor|transparent|auto)$/i.test(color))
    return null;
  canvas.fillStyle = '#010203';
  canvas.fillStyle = color;
  const hex = /^#(..)(..)(..)$/.exec(canvas.fillStyle);
  if (hex) {
    const parts = hex.slice(1).map((part) => Number.parseInt(part, 16)) as Rgb;
    return parts.join() === '1,2,3' ? null : parts;
  }
  const parts = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(canvas.fillStyle);
  return parts && Number(parts[4]) > 0.3 ? [Number(parts[1]), Number(parts[2]), Number(parts[3])] : null;
}

/** Elements whose background is a marker's, not a design's. */
const MARKED = 'span, font, mark, b, strong, i, em, u, s, code, a, small, sub, sup';

/** `own`: the mail has a dark design; `plain`: it can be made dark; `designed`: it wants its light sheet. */
export type Look = 'own' | 'plain' | 'designed';

export function lookOf(box: Element, rules: Rule[], ownDark: boolean): Look {
  if (ownDark) return 'own';
  const colors = [...box.querySelectorAll('[bgcolor]')].map((one) => one.getAttribute('bgcolor') ?? '');
  for (const one of box.querySelectorAll<HTMLElement>('[style]')) {
    if (/gradient/.test(one.style.backgroundImage)) return 'designed';
    if (!one.matches(MARKED) || one.style.display) colors.push(one.style.backgroundColor);
  }
  for (const { selector, style } of rules) {
    if (/gradient/.test(style.backgroundImage)) return 'designed';
    if (style.backgroundColor && box.querySelector(inAnyState(selector))) colors.push(style.backgroundColor);
  }
  return colors.some((color) => {
    const found = rgb(color);
    return found !== null && !isPaper(found);
  })
    ? 'designed'
    : 'plain';
}

/** Where a state was all that was said of an element, it is any: `.m-b>` would be no selector. */
export const inAnyState = (selector: string) =>
  selector
    .replace(/(^|[\s>+~,])(?=:(?:link|hover|active|focus)(?![\w-]))/g, '$1*')
    .replace(/:(?:link|hover|active|focus)(?![\w-])/g, '');

/** Makes a plain mail's own colours fit for the dark sheet. */
export function darken(box: Element, rules: Rule[]): void {
  for (const one of box.querySelectorAll('[bgcolor]')) one.removeAttribute('bgcolor');
  for (const one of box.querySelectorAll('font[color]')) {
    const color = rgb(one.getAttribute('color') ?? '');
    if (color) one.setAttribute('color', hex(atNight(color)));
  }
  for (const one of box.querySelectorAll<HTMLElement>('[style]')) {
    adapt(one.style, one.matches(MARKED));
  }
  for (const rule of rules) adapt(rule.style, false);
}

function adapt(style: CSSStyleDeclaration, marks: boolean): void {
  const paper = rgb(style.backgroundColor);
  if (paper && marks && !isPaper(paper)) {
    style.setProperty('color', luminance(paper) > 0.3 ? '#161c1e' : INK);
    return;
  }
  if (paper) style.removeProperty('background-color');
  const color = rgb(style.color);
  if (color) style.setProperty('color', atNight(color), style.getPropertyPriority('color'));
  for (const side of ['top', 'right', 'bottom', 'left']) {
    const border = rgb(style.getPropertyValue(`border-${side}-color`));
    if (border && luminance(border) < 0.08) style.setProperty(`border-${side}-color`, '#5b686b');
  }
}

function hex(css: string): string {
  const color = rgb(css);
  return color ? `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}` : css;
}
