import { speak } from '../src/lib/language.svelte.ts';

// Unit tests speak English, which their browser asks for.
await speak();
