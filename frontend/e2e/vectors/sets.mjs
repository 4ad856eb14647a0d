/** What a message must never bring about. `nested`: a document within its own; `error`: the page itself broke. */
export const HARM = ['script', 'dialog', 'navigation', 'nested', 'request', 'download', 'error'];

/**
 * What is run: which layers are taken away, on which way the messages are opened, which harm is beyond what is left
 * (`may`), and where harm is what we look for (`blind`).
 */
export const SETS = [
  { name: 'all layers', off: [], way: 'list' },
  { name: 'server pass off', off: ['server'] },
  { name: 'browser pass off', off: ['browser'] },
  { name: 'both passes off', off: ['server', 'browser'], may: ['error'] },
  { name: 'policy off', off: ['csp'] },
  { name: 'sandbox off', off: ['sandbox'] },
  { name: 'policy and sandbox off', off: ['csp', 'sandbox'] },
  { name: 'server pass alone', off: ['browser', 'csp', 'sandbox'] },
  { name: 'browser pass alone', off: ['server', 'csp', 'sandbox'] },
  // A policy cannot forbid a document to go elsewhere, nor a sandbox to ask for a picture or to hold another document,
  // which is in the sandbox too.
  { name: 'policy alone', off: ['server', 'browser', 'sandbox'], may: ['navigation', 'error'] },
  { name: 'sandbox alone', off: ['server', 'browser', 'csp'], may: ['nested', 'request', 'error'] },
  { name: 'nothing', off: ['server', 'browser', 'csp', 'sandbox'], blind: true },
  { name: 'own page: all layers', off: [], way: 'direct' },
  { name: 'own page: server pass off', off: ['server'], way: 'direct' },
  { name: 'own page: policy off', off: ['csp'], way: 'direct' },
  { name: 'own page: nothing', off: ['server', 'csp'], way: 'direct', blind: true },
  { name: 'around: all layers', off: [], way: 'around' },
  { name: 'around: policy off', off: ['csp'], way: 'around' },
  { name: 'addresses: all layers', off: [], way: 'address' },
  { name: 'around: nothing', off: [], way: 'bare', blind: true },
  { name: 'quoted: all layers', off: [], way: 'quoted' },
  { name: 'quoted: both passes off', off: ['server', 'browser'], way: 'quoted', may: ['error'] },
  { name: 'quoted: policy off', off: ['csp'], way: 'quoted' },
  { name: 'kept: all layers', off: [], way: 'kept' },
  { name: 'kept: browser pass off', off: ['browser'], way: 'kept', may: ['error'] },
];
