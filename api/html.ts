/** Pages are plain text in a frame: no script, no link, nothing loaded. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}h2{font-size:1.05rem;margin:1.5rem 0 .25rem}p,pre{white-space:pre-wrap;margin:.25rem 0}pre{font:.9rem/1.45 ui-monospace,monospace}.drill{border:2px solid #a00;color:#a00;padding:.5rem 1rem;font-weight:bold}';

/** A page in one language; `drill` puts the marking on top. */
export const page = (language: string, title: string, drill: boolean, body: string): string =>
  `<!doctype html>\n<html lang="${escaped(language)}">\n<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>\n<body>\n${drill ? '<p class="drill">EXERCISE EXERCISE EXERCISE: this is not a real breach.</p>\n' : ''}${body}\n</body>\n</html>\n`;

/** Frames such a page: it may style itself and nothing else. */
export const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};
