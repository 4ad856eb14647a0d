import type { en } from './en.ts';

type Plural = { one: string; other: string } & { [rule in Intl.LDMLPluralRule]?: string };
/** The texts of a language: the keys of English, and what is counted there is counted everywhere. */
export type Words = { [word in keyof typeof en]: (typeof en)[word] extends string ? string : Plural };
