/** What the bundle holds. */
export { drill } from './drill.js';
export { incident } from './incident.js';
export { peopleMailing } from './people-mailing.js';
