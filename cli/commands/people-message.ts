import { writeFileSync } from 'node:fs';
import { nearest } from '../../domain/incident/nearest.js';
import { MessageFields } from '../../formats/http/requests.js';
import { MAY } from '../../domain/incident/commands.js';
import { pathOf } from '../../formats/http/routes.js';
import type { Answer, MessageAnswer, MessagesAnswer } from '../answers.js';
import { agreed } from '../choice-list.js';
import { refused, wrongUsage } from '../exit.js';
import { pick } from '../pick.js';
import { incident, incidentNext, lookOf, report } from '../report.js';
import type { CommonOptions, Run } from '../run.js';
import { printable, wrap } from '../terminal.js';

export interface MessageOptions extends CommonOptions {
  readonly list?: string;
  readonly language?: string;
  readonly set?: string[];
  readonly html?: string;
  readonly text?: string;
  readonly yes?: boolean;
  readonly breakGlass?: string;
}

type Fields = Record<string, string>;

/** `whatWeDid=…`, or `de/CONTACT:whatWeDid=…` where there are several texts. */
function wordsIn(set: readonly string[]): { fields: Fields; texts: Record<string, Fields> } {
  const known = Object.keys(MessageFields.shape);
  const fields: Fields = {};
  const texts: Record<string, Fields> = {};
  const wrong: string[] = [];
  for (const one of set) {
    const at = one.indexOf('=');
    const left = at < 0 ? one : one.slice(0, at);
    const colon = left.lastIndexOf(':');
    const [name, field] = [left.slice(0, Math.max(0, colon)), left.slice(colon + 1)];
    if (at < 0 || !known.includes(field)) {
      wrong.push(
        `${at < 0 ? 'write field=text' : `${field} is no field of a message`}${nearest(field, known) ? `; did you mean ${nearest(field, known)}?` : ''}`,
      );
      continue;
    }
    const into = name === '' ? fields : (texts[name] ?? {});
    into[field] = one.slice(at + 1);
    if (name !== '') texts[name] = into;
  }
  if (wrong.length > 0) throw wrongUsage(`--set: ${wrong.join('; ')}.`, `Fields: ${known.join(', ')}`);
  return { fields, texts };
}

export async function message(run: Run, id: string, what: string | undefined, options: MessageOptions): Promise<void> {
  const { fields, texts } = wordsIn(options.set ?? []);
  const from = what === undefined ? null : await named(run, id, what);
  const body = {
    ...proposal(options),
    ...(from !== null && { from }),
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(Object.keys(texts).length > 0 && { texts }),
  };
  const answer = await run.api.send<MessageAnswer>('POST', pathOf('draftMessage', { id }), body);
  const look = await lookOf(run);
  run.answer(answer.body, (shown) => [
    ...messageLines(shown, run.terminal.width, look.paint.bold),
    '',
    look.paint.bold('Next: read it once as the people will, then two people approve it, each once'),
    `      ${run.withSide(`seventytwo people ${id} preview ${shown.sha256}`)}`,
    `      ${run.withSide(`seventytwo people ${id} approve ${shown.sha256}`)}`,
  ]);
}

const proposal = ({ language, list }: MessageOptions) => ({
  ...(language !== undefined && { language }),
  ...(list !== undefined && { list }),
});

function messageLines(shown: MessageAnswer, width: number, bold: (text: string) => string): string[] {
  const { content, texts } = shown;
  const bodies = content.model === 2 ? content.variants.map(({ text }) => text) : [content];
  const many = bodies.length > 1;
  return [
    `${bold(shown.message)}  ${many ? `${bodies.length} texts` : (texts[0]?.language ?? '')}  ${shown.approvals.length} of ${shown.needed} approvals`,
    ...bodies.flatMap((body, at) => [
      '',
      ...(content.model === 2 ? [bold(`${texts[at]?.text ?? ''}   ${readers(texts[at]?.people ?? null)}`), ''] : []),
      ...wrap(bold(body.subject), width, '  '),
      ...partsOf(body).flatMap((part) => ['', ...wrap(part, width, '  ')]),
    ]),
    '',
    `  SHA-256 ${shown.sha256}${many ? ', over all texts' : ''}`,
    ...shown.warnings.flatMap((warning) => wrap(`Look at this once more: ${warning}`, width, '  ')),
  ];
}

const readers = (people: number | null): string =>
  people === null ? '' : `for ${people} ${people === 1 ? 'person' : 'people'}`;

type Text = Extract<MessageAnswer['content'], { model: 1 }>;
const partsOf = (text: Text): readonly string[] =>
  [
    text.whatHappened,
    text.when,
    text.whichDataOfYours,
    text.consequences,
    text.whatWeDid,
    text.whatYouCanDo,
    text.contact,
    text.dpo,
    text.authorityYouMayTurnTo,
    text.fraudWarning,
  ].filter((part) => part !== '');

const HASH = /^[0-9a-f]{64}$/;

/** The text that was named; without a name the only one there is. Null when there is none yet. Two of them are never guessed between. */
async function named(run: Run, id: string, what: string | undefined): Promise<string | null> {
  const typed = what?.toLowerCase();
  if (typed !== undefined && HASH.test(typed)) return typed;
  const { messages } = await run.api.get<MessagesAnswer>(pathOf('messages', { id }));
  const texts = messages.map((one) => ({
    id: one.message,
    sha256: one.sha256,
    says: `${one.approvals.length} of ${one.needed} approvals`,
  }));
  const fitting = typed === undefined ? texts : texts.filter((one) => one.id === typed);
  const [only, other] = fitting;
  if (only !== undefined && other === undefined) return only.sha256;
  if (typed === undefined && only === undefined) return null;
  throw refused(
    [only === undefined ? 'There is no such message here.' : 'There are several texts; say which one.'],
    texts.map((one) => `${one.id}   (${one.says})`),
  );
}

/** Whoever approves first may find no text yet: then it is proposed from the facts, and read before it is approved. */
async function propose(run: Run, id: string, options: MessageOptions): Promise<string> {
  return (await run.api.send<MessageAnswer>('POST', pathOf('draftMessage', { id }), proposal(options))).body.sha256;
}

/** As the domain counts: a break-glass is worth both. */
const isApproved = ({ approvals, needed }: MessagesAnswer['messages'][number]): boolean =>
  approvals.some((one) => one.breakGlass) || approvals.length >= needed;

/** The id of a message that has an approval: only such a one can be sent. An approved text is not taken by itself once somebody has proposed a newer one. */
export async function approvedMessage(run: Run, id: string, what: string | undefined): Promise<string> {
  const { messages } = await run.api.get<MessagesAnswer>(pathOf('messages', { id }));
  const latest = messages.at(-1);
  const approved = messages.findLast(isApproved);
  if (what === undefined && approved && latest && !isApproved(latest))
    throw refused(
      [
        `Nothing is sent: ${approved.message} is approved, and ${latest.message} was proposed after it (${latest.approvals.length} of ${latest.needed} approvals). Say which of the two people are to get.`,
      ],
      [
        `${run.withSide(`seventytwo people ${id} start ${approved.message}`)}   (sends the approved one)`,
        `${run.withSide(`seventytwo people ${id} approve ${latest.message}`)}   (approves the newer one; then start)`,
      ],
      { approved: approved.message, newer: latest.message },
    );
  const found =
    what === undefined
      ? messages.findLast((one) => one.approvals.length > 0)
      : messages.find((one) => one.message === what.toLowerCase() || one.sha256 === what.toLowerCase());
  if (found) return found.message;
  throw refused(
    [what === undefined ? 'No message has an approval yet.' : 'No approved message has this name.'],
    [run.withSide(`seventytwo people ${id} approve`)],
  );
}

export async function preview(run: Run, id: string, what: string | undefined, options: MessageOptions): Promise<void> {
  const message = (await named(run, id, what)) ?? (await propose(run, id, options));
  const which = options.text === undefined ? '' : `?text=${encodeURIComponent(options.text)}`;
  if (options.html !== undefined) {
    const bytes = await run.api.bytes(
      `${pathOf('messagePreview', { id, message, format: 'html' })}${which}`,
      'text/html',
    );
    writeFileSync(options.html, bytes, { mode: 0o600 });
    return run.answer({ file: options.html, message }, (written) => [`Written: ${written.file}`]);
  }
  const path = `${pathOf('messagePreview', { id, message, format: 'txt' })}${which}`;
  const text = (await run.api.bytes(path, 'text/plain')).toString('utf8');
  const next = run.json ? [] : await incidentNext(run, id);
  run.answer({ message, text }, (shown) => [...shown.text.split(/\r?\n/), '', ...next]);
}

export async function listOf(run: Run, id: string, options: MessageOptions): Promise<string> {
  const { lists } = await incident(run, id);
  return pick(lists, options.list, (one) => one.id, 'accepted list', run.withSide(`seventytwo people ${id} accept`)).id;
}

export async function approve(run: Run, id: string, what: string | undefined, options: MessageOptions): Promise<void> {
  const message = (await named(run, id, what)) ?? (await propose(run, id, options));
  const list = await listOf(run, id, options);
  const whole = await run.api.get<MessageAnswer>(pathOf('message', { id, message }));
  if (!run.json) {
    for (const line of messageLines(printable(whole), run.terminal.width, run.terminal.paint.bold))
      run.terminal.out(line);
    run.terminal.out('');
  }
  if (options.yes !== true && run.terminal.interactive && !run.json) {
    const texts = whole.texts.length > 1 ? `all ${whole.texts.length} texts` : 'this text';
    if (!(await agreed(`Approve ${texts} for ${list}?`)))
      throw refused(['Nothing was approved.'], [run.withSide(`seventytwo people ${id} message --set subject="…"`)]);
  } else if (options.yes !== true && what === undefined) {
    throw refused(
      ['Nothing was approved: without a terminal nobody can be asked, so say which text was read.'],
      [
        run.withSide(`seventytwo people ${id} approve ${whole.sha256}`),
        'Or approve the text that is there, whatever it says by then: the same command with --yes',
      ],
      { sha256: whole.sha256 },
    );
  }
  const body = {
    sha256: whole.sha256,
    list,
    ...(options.breakGlass !== undefined && { breakGlass: { reason: options.breakGlass } }),
  };
  const answer = await run.api.send<Answer>('POST', pathOf('approveMessage', { id, message }), body);
  const state = answer.body.incident.messages.find((one) => one.sha256 === whole.sha256);
  await report(
    run,
    answer.body,
    state
      ? `Approved: ${state.approvals} of ${state.needed}.${state.approvals < state.needed ? run.secondPerson(MAY.ApproveMessage ?? []) : ''}`
      : 'Approved.',
  );
}
