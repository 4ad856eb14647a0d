/** What the reader chose on this device. */
export interface Prefs {
  theme: 'system' | 'light' | 'dark';
  /** What the browser asks for, or one of `languages`. */
  language: string;
  density: 'dense' | 'normal' | 'roomy';
  shortcuts: boolean;
  foldersWidth: number;
  listWidth: number;
  collapsed: string[];
  /** What is read is kept on this device, to be read without a network. */
  keepMail: boolean;
  /** What was not sent, or perhaps, and is not to be shown here any more. */
  hiddenSubmissions: string[];
}

const KEY = 'valija.prefs';
const defaults: Prefs = {
  theme: 'system',
  language: 'browser',
  density: 'normal',
  shortcuts: true,
  foldersWidth: 232,
  listWidth: 440,
  collapsed: [],
  keepMail: true,
  hiddenSubmissions: [],
};

function read(): Prefs {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') };
  } catch {
    return { ...defaults };
  }
}

export const prefs: Prefs = $state(read());

export function setPref<K extends keyof Prefs>(name: K, value: Prefs[K]): void {
  prefs[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // Without storage the choice lasts until the page is left.
  }
}

/** Row heights in pixels; the list's arithmetic and its style sheet share them. */
export const rowHeights = { dense: 36, normal: 48, roomy: 68 } as const;
