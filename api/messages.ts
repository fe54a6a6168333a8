import { peopleBody } from '../adapters/render/people-body.js';
import { APPROVALS_FOR_PEOPLE } from '../domain/incident/decide/people.js';
import type { Command } from '../domain/incident/commands.js';
import type { IncidentState, MessageState } from '../domain/incident/state.js';
import { isMessageLanguage, type KnownLanguage, MESSAGE_LANGUAGES } from '../domain/message/languages/known.js';
import type { MessageContent, MessageVariant } from '../domain/message/model.js';
import { readVariantName, type Segment, variantName } from '../domain/message/segments.js';
import { variantsOf } from '../domain/message/texts.js';
import { buildVariants, withWords } from '../domain/message/variants.js';
import { type Call, causeOf, type Handlers } from './call.js';
import type { Parts } from './parts.js';
import { keyReused, problem, Refused, refuse } from './errors.js';
import { exact } from './exact.js';
import { PAGE_HEADERS } from './html.js';
import { againstTheRecord, MOST_TEXTS, openIn, textsOf, warningsOf, withoutText } from './message-texts.js';
import type { ImportedList } from './ports.js';

/** A message is named by its hash; in commands by the start of it. */
export const messageId = (sha256: string): string => `msg-${sha256.slice(0, 12)}`;

const approvalsIn = (found: MessageState | undefined) =>
  (found?.approvals ?? []).map(({ by, at, breakGlass }) => ({ by, at, breakGlass }));

/** What the store knows of a list; null when it has none of this name, or is away. */
async function uploaded(state: IncidentState, list: string | undefined, { deps }: Parts): Promise<ImportedList | null> {
  if (list === undefined) return null;
  const lists = await deps.people.lists(state.id).catch(() => []);
  return lists.find((one) => one.list === list) ?? null;
}

async function answer(state: IncidentState, sha256: string, content: MessageContent, parts: Parts) {
  const approved = state.messages.find((m) => m.sha256 === sha256);
  const list = approved?.list ?? state.lists.at(-1)?.id;
  const segments = (await uploaded(state, list, parts))?.segments ?? null;
  return {
    message: messageId(sha256),
    sha256,
    content,
    texts: textsOf(content, segments),
    approvals: approvalsIn(approved),
    needed: APPROVALS_FOR_PEOPLE,
    warnings: [
      ...(segments && list ? withoutText(state, list, content, segments).map(({ says }) => says) : []),
      ...warningsOf(state, content, parts.deps.offsetMs),
    ],
    next: list
      ? `Read it, then two people approve it for the list ${list}: seventytwo people ${state.id} approve`
      : `Import the list of people next: seventytwo people ${state.id} import FILE.csv`,
  };
}

/** The groups of the list that a text is proposed for; null when there is no list, or nobody worked them out. */
async function segmentsFor(
  state: IncidentState,
  wanted: string | undefined,
  parts: Parts,
): Promise<readonly Segment[] | null> {
  const name = wanted ?? state.lists.at(-1)?.id;
  const lists = name === undefined ? [] : await parts.deps.people.lists(state.id);
  const found = lists.find((one) => one.list === name) ?? null;
  if (wanted !== undefined && found === null)
    throw refuse(
      'not-found',
      `This incident has no uploaded list ${wanted}. Lists: seventytwo people ${state.id}`,
      'list',
    );
  const wrong = againstTheRecord(state, found?.segments ?? []);
  if (wrong.length > 0) throw new Refused(wrong);
  return found?.segments ?? null;
}

/** A text for each group of the list, from the facts. */
async function proposedFor(
  state: IncidentState,
  list: string | undefined,
  language: KnownLanguage | undefined,
  parts: Parts,
): Promise<MessageContent> {
  const segments = await segmentsFor(state, list, parts);
  const { offsetMs } = parts.deps;
  return buildVariants({ state, segments: segments ?? [], offsetMs, ...(language && { language }) });
}

/** The texts as they were left, so that what was put into one of them is not lost when another is changed. */
async function former(
  state: IncidentState,
  from: string,
  { list, language }: Call<'draftMessage'>['body'],
  { deps }: Parts,
): Promise<MessageContent> {
  if (list !== undefined || language !== undefined)
    throw refuse(
      'field',
      'from begins with the texts that are there: leave out list and language, or leave out from for a new proposal.',
      'from',
    );
  const content = await deps.messages.message(from);
  if (content?.incident === state.id) return content;
  throw refuse(
    'not-found',
    `There is no message of this incident under that hash. Messages: seventytwo people ${state.id}`,
    'from',
  );
}

/** A person's words in place of the proposed ones; with several texts they must say for which. */
function edited(
  state: IncidentState,
  content: MessageContent,
  { fields, texts }: Call<'draftMessage'>['body'],
): MessageContent {
  const names = textsOf(content, null).map(({ text }) => text);
  if (fields && names.length > 1)
    throw refuse(
      'field',
      `There are ${names.length} texts, and words for everybody can speak of data that some did not lose. Say for which each is: texts in place of fields, or seventytwo people ${state.id} message --set ${names[0]}:FIELD="…". Texts: ${names.join(', ')}.`,
      'fields',
      { known: names },
    );
  const given = { ...(texts && exact(texts)), ...(fields && { [names[0] ?? '']: exact(fields) }) };
  const { content: made, unknown } = withWords(content, given);
  if (unknown.length > 0)
    throw new Refused(
      unknown.map((_, at) =>
        problem(
          'field',
          `texts has a name that no text has (number ${at + 1} of such). Texts: ${names.join(', ')}.`,
          'texts',
          {
            known: names,
          },
        ),
      ),
    );
  return made;
}

/** By hash, or by the id of one that was approved; a message of another incident is none of this one. */
async function find(
  call: Call,
  { deps, reads }: Parts,
  read: (call: Call) => Promise<IncidentState> = reads.stateFor,
): Promise<{ state: IncidentState; sha256: string; content: MessageContent }> {
  const named = call.parameters['message'] ?? '';
  const state = await read(call);
  const approved = state.messages.find((m) => m.sha256 === named || m.id === named);
  if (approved) return { state, sha256: approved.sha256, content: approved.content };
  const content = /^[0-9a-f]{64}$/.test(named) ? await deps.messages.message(named) : null;
  if (content?.incident === state.id) return { state, sha256: named, content };
  throw refuse(
    'not-found',
    `There is no message under this name. Name it by its 64-digit hash, as the draft said. Approved ones: ${state.messages.map((m) => m.id).join(', ') || 'none'}.`,
    'message',
  );
}

export async function messageCommand(call: Call<'approveMessage'>, parts: Parts): Promise<Command> {
  const newest = (): Promise<IncidentState> => parts.reads.newest(call.parameters['id'] ?? '');
  const { state, sha256, content } = await find(call, parts, newest);
  const { body } = call;
  if (body.sha256 !== sha256)
    throw refuse('field', `sha256 must be the hash of the message that the address names: ${sha256}.`, 'sha256', {
      sha256,
    });
  const segments = (await uploaded(state, body.list, parts))?.segments ?? [];
  const open = [
    ...withoutText(state, body.list, content, segments),
    ...againstTheRecord(state, segments),
    // Nobody else awake is no reason to tell people of the data of others; a hedge in the wording is one to ask about later.
    ...(body.breakGlass ? [] : openIn(state, content)),
  ];
  if (open.length > 0) throw new Refused(open);
  const list = state.lists.find((l) => l.id === body.list);
  return {
    type: 'ApproveMessage',
    message: messageId(sha256),
    content,
    sha256,
    list: body.list,
    listSha256: list?.sha256 ?? '',
    ...(body.breakGlass && { breakGlass: body.breakGlass }),
  };
}

type Ids = 'messages' | 'draftMessage' | 'message' | 'messagePreview';

export function messageHandlers(parts: Parts): Handlers<Ids> {
  const { deps, reads } = parts;
  return {
    async messages(call) {
      const state = await reads.stateFor(call);
      const latest = await deps.messages.latest(state.id);
      const proposed =
        latest !== null && !state.messages.some((m) => m.sha256 === latest)
          ? [{ id: messageId(latest), sha256: latest }]
          : [];
      const texts = [...state.messages, ...proposed].map(({ id, sha256 }) => ({
        message: id,
        sha256,
        approvals: approvalsIn(state.messages.find((m) => m.sha256 === sha256)),
        needed: APPROVALS_FOR_PEOPLE,
      }));
      return { json: { messages: texts } };
    },

    async draftMessage(call) {
      const state = await reads.newest(call.parameters['id'] ?? '');
      const cause = causeOf(call);
      const before = await deps.messages.answered(cause.keyHash);
      if (before && before.bodyHash !== cause.bodyHash)
        throw keyReused('This Idempotency-Key was used for another text. Propose this one with a new key.');
      const first = before && (await deps.messages.message(before.sha256));
      if (first) return { json: await answer(state, before.sha256, first, parts) }; // whatever the facts say by now
      const { language, list, from } = call.body;
      if (language !== undefined && !isMessageLanguage(language)) {
        const known = Object.keys(MESSAGE_LANGUAGES);
        throw refuse(
          'field',
          `language must be one of ${known.join(', ')}: there is no wording in others yet.`,
          'language',
          { known },
        );
      }
      const proposed = from
        ? await former(state, from, call.body, parts)
        : await proposedFor(state, list, language, parts);
      const { length } = textsOf(proposed, null);
      if (length > MOST_TEXTS)
        throw refuse(
          'field',
          `This list needs ${length} texts, and two people must read each; ${MOST_TEXTS} are the most. Put fewer kinds of data in its column data, give one language for all (language), or import it as several lists.`,
          'list',
          { texts: length },
        );
      const content = edited(state, proposed, call.body);
      return { json: await answer(state, await deps.messages.put(content, cause), content, parts) };
    },

    async message(call) {
      const { state, sha256, content } = await find(call, parts);
      return { json: await answer(state, sha256, content, parts) };
    },

    async messagePreview(call) {
      const { content } = await find(call, parts);
      const texts = textsOf(content, null).map(({ text }) => text);
      const wanted = call.query['text'];
      const shown = variantsOf(content).filter(
        (_, at) => wanted === undefined || texts[at] === readVariantName(wanted),
      );
      const [only, other] = shown;
      if (!only)
        throw refuse('not-found', `There is no text of this name. Texts: ${texts.join(', ')}.`, 'text', {
          known: texts,
        });
      switch (call.parameters['format']) {
        case 'txt':
          return { bytes: previewText(shown), mediaType: 'text/plain; charset=utf-8' };
        case 'html':
          if (other)
            throw refuse('field', `There are ${texts.length} pages; say which: ?text=${texts[0]}.`, 'text', {
              known: texts,
            });
          return { bytes: peopleBody(only.text).html, mediaType: 'text/html; charset=utf-8', headers: PAGE_HEADERS };
        default:
          throw refuse('not-found', 'A preview comes as .html or .txt.', 'format');
      }
    },
  };
}

/** As each is read; several one after the other under their names. */
function previewText(shown: readonly MessageVariant[]): string {
  const [only, other] = shown;
  if (only && !other) return peopleBody(only.text).text;
  const rule = '='.repeat(72);
  return shown
    .map(({ for: reader, text }) => {
      const { subject, text: body } = peopleBody(text);
      return `${rule}\n${variantName(reader)}\n${subject}\n${rule}\n\n${body}`;
    })
    .join('\n');
}
