import { peopleBody } from '../adapters/render/people-body.js';
import { APPROVALS_FOR_PEOPLE } from '../domain/incident/decide/people.js';
import type { OffsetMs } from '../domain/clock/deadlines.js';
import type { Command } from '../domain/incident/commands.js';
import type { IncidentState, MessageState } from '../domain/incident/state.js';
import { buildMessage } from '../domain/message/build.js';
import { inconsistencies } from '../domain/message/consistency.js';
import { openQuestions } from '../domain/message/gates.js';
import { isMessageLanguage, MESSAGE_LANGUAGES } from '../domain/message/languages/known.js';
import type { PeopleMessage } from '../domain/message/model.js';
import { type Call, causeOf, type Handlers } from './call.js';
import type { Parts } from './commands.js';
import { keyReused, problem, Refused, refuse } from './errors.js';
import { exact } from './exact.js';
import { PAGE_HEADERS } from './html.js';

/** A message is named by its hash; in commands by the start of it. */
export const messageId = (sha256: string): string => `msg-${sha256.slice(0, 12)}`;

const approvalsIn = (found: MessageState | undefined) =>
  (found?.approvals ?? []).map(({ by, at, breakGlass }) => ({ by, at, breakGlass }));

/** What stands against approving it, then where it and the notice on the table tell different things. */
function warnings(state: IncidentState, content: PeopleMessage, offsetMs: OffsetMs): string[] {
  const notice = state.notices.at(-1);
  return [
    ...openQuestions(content, state.facts).map(({ says }) => says),
    ...(notice
      ? inconsistencies((notice.approved ?? notice.draft).content, content, { offsetMs }).map(({ says }) => says)
      : []),
  ];
}

function answer(incident: IncidentState, sha256: string, content: PeopleMessage, offsetMs: OffsetMs) {
  const list = incident.lists.at(-1)?.id;
  return {
    message: messageId(sha256),
    sha256,
    content,
    approvals: approvalsIn(incident.messages.find((m) => m.sha256 === sha256)),
    needed: APPROVALS_FOR_PEOPLE,
    warnings: warnings(incident, content, offsetMs),
    next: list
      ? `Read it, then two people approve it for the list ${list}: seventytwo people ${incident.id} approve`
      : `Import the list of people next: seventytwo people ${incident.id} import FILE.csv`,
  };
}

/** By hash, or by the id of one that was approved; a message of another incident is none of this one. */
async function find(
  call: Call,
  { deps, reads }: Parts,
): Promise<{ state: IncidentState; sha256: string; content: PeopleMessage }> {
  const named = call.parameters['message'] ?? '';
  const state = await reads.stateFor(call);
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
  const { state, sha256, content } = await find(call, parts);
  const { body } = call;
  if (body.sha256 !== sha256)
    throw refuse('field', `sha256 must be the hash of the message that the address names: ${sha256}.`, 'sha256', {
      sha256,
    });
  const open = body.breakGlass ? [] : openQuestions(content, state.facts);
  if (open.length > 0)
    throw new Refused(
      open.map(({ field, says }) =>
        problem('field', `${says} Then: seventytwo people ${state.id} message --set FIELD="…"`, field),
      ),
    );
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
      const state = await reads.stateFor(call);
      const cause = causeOf(call);
      const before = await deps.messages.answered(cause.keyHash);
      if (before && before.bodyHash !== cause.bodyHash)
        throw keyReused('This Idempotency-Key was used for another text. Propose this one with a new key.');
      const first = before && (await deps.messages.message(before.sha256));
      if (first) return { json: answer(state, before.sha256, first, deps.offsetMs) }; // whatever the facts say by now
      const wanted = call.body.language ?? state.setting.organisation.languages.find(isMessageLanguage) ?? 'en';
      if (!isMessageLanguage(wanted)) {
        const known = Object.keys(MESSAGE_LANGUAGES);
        throw refuse(
          'field',
          `language must be one of ${known.join(', ')}: there is no wording in others yet.`,
          'language',
          { known },
        );
      }
      const proposed = buildMessage({ state, language: wanted, offsetMs: deps.offsetMs });
      const content: PeopleMessage = { ...proposed, ...exact(call.body.fields ?? {}) };
      return { json: answer(state, await deps.messages.put(content, cause), content, deps.offsetMs) };
    },

    async message(call) {
      const { state, sha256, content } = await find(call, parts);
      return { json: answer(state, sha256, content, deps.offsetMs) };
    },

    async messagePreview(call) {
      const { text, html } = peopleBody((await find(call, parts)).content);
      switch (call.parameters['format']) {
        case 'txt':
          return { bytes: text, mediaType: 'text/plain; charset=utf-8' };
        case 'html':
          return { bytes: html, mediaType: 'text/html; charset=utf-8', headers: PAGE_HEADERS };
        default:
          throw refuse('not-found', 'A preview comes as .html or .txt.', 'format');
      }
    },
  };
}
