// In a checkout: the thread reads the sources as bin/seventytwo.mjs does. A build has no need of it.
import { register } from 'tsx/esm/api';

register();
await import(new URL('./pdf-thread.ts', import.meta.url).href);
