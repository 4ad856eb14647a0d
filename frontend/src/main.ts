import { mount } from 'svelte';
import { queryClient, session } from './api/queries.ts';
import App from './app/App.svelte';
import { speak } from './lib/language.svelte.ts';
import './ui/tokens.css';
import './ui/base.css';

const target = document.getElementById('app');
// Who is signed in is asked for while the words come, so that they keep nobody waiting.
void queryClient.prefetchQuery(session());
speak().then(
  () => target && mount(App, { target }),
  // Whatever took the words away may have passed; if not, the browser says so in its own.
  () => setTimeout(() => location.reload(), 3_000),
);
