import { isMessageLanguage, MESSAGE_LANGUAGES } from '../../domain/message/languages/known.js';
import type { PeopleMessage } from '../../domain/message/model.js';
import { messageParts } from '../../domain/message/text.js';
import { DRILL_MARKING } from '../../domain/notice/marking.js';
import { assertMarked, marked } from './marking.js';

/** A message to people as it is read: what the mail carries and what a preview shows. No links, no pictures, nothing that reports back. */
export interface PeopleBody {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const escaped = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');

/** Lines that begin with "- " are a list, the others paragraphs. */
function paragraphs(body: string): string {
  return body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (line.startsWith('- ') ? `<li>${escaped(line.slice(2))}</li>` : `<p>${escaped(line)}</p>`))
    .join('\n')
    .replace(/(?:<li>.*<\/li>\n?)+/g, (items) => `<ul>\n${items.trimEnd()}\n</ul>\n`);
}

export function peopleBody(message: PeopleMessage): PeopleBody {
  const { greeting, closing } = MESSAGE_LANGUAGES[isMessageLanguage(message.language) ? message.language : 'en'];
  const parts = messageParts(message);
  const drill = message.mode === 'drill';
  const reference = `<span style="white-space: nowrap">${escaped(message.incident)}</span>`; // read out on the telephone
  const unbroken = (page: string): string => page.replaceAll(escaped(message.incident), reference);
  const mark = drill ? `<p><strong>${DRILL_MARKING}</strong></p>\n` : '';
  const subject = drill ? `${DRILL_MARKING} ${message.subject}` : message.subject;
  const text = marked(
    message.mode,
    [greeting, ...parts.map(({ heading, body }) => `${heading.toUpperCase()}\n${body}`), closing].join('\n\n'),
  );
  const html = `<!DOCTYPE html>
<html lang="${escaped(message.language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escaped(subject)}</title></head>
<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5; max-width: 40em; margin: 1em auto; padding: 0 1em">
${mark}<p>${escaped(greeting)}</p>
${parts.map(({ heading, body }) => `<h2 style="font-size: 18px">${escaped(heading)}</h2>\n${unbroken(paragraphs(body))}`).join('\n')}
<p>${escaped(closing)}</p>
${mark}</body>
</html>
`;
  assertMarked(message.mode, {
    subject: { text: subject },
    'beginning and end of the text': { text, times: 2 },
    'beginning and end of the page': { text: html.slice(html.indexOf('<body')), times: 2 },
  });
  return { subject, text: `${text}\n`, html };
}
