import type { z } from 'zod';
import type { MAY } from '../../domain/incident/commands.js';
import * as Q from './requests.js';
import * as A from './responses.js';
import * as O from './responses-organisation.js';
import * as P from './responses-people.js';

/** Who may call a route: a row of MAY, everybody with a login, or everybody. */
export type Permission = keyof typeof MAY | 'AnyLogin' | 'Public';

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Parameters in braces as OpenAPI writes them; each is percent-encoded by the client (duty and task ids hold slashes). */
  readonly path: string;
  readonly may: Permission;
  readonly does: string;
  readonly group: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  /** Not JSON: the body is streamed. */
  readonly takes?: 'text/csv';
  readonly status: number;
  readonly answer?: z.ZodType;
  /** Not JSON. */
  readonly gives?: readonly string[];
  /** Idempotency-Key is required: the same key with the same body gives the first answer again. */
  readonly keyed?: boolean;
}

const incident = '/v1/incidents/{id}';
const command = <B extends z.ZodType>(may: Permission, path: string, body: B, does: string) =>
  ({
    method: 'post',
    path: `${incident}${path}`,
    may,
    does,
    group: 'incidents',
    body,
    status: 200,
    answer: A.Answer,
    keyed: true,
  }) as const satisfies Route;
const read = (may: Permission, path: string, answer: z.ZodType, does: string, query?: Record<string, string>) =>
  ({
    method: 'get',
    path,
    may,
    does,
    group: path.startsWith('/v1/incidents') ? 'incidents' : 'record',
    status: 200,
    answer,
    ...(query && { query }),
  }) as const satisfies Route;
const minSeq = { minSeq: 'Waits up to 2 s for the view to reach this seq, then asks the workflow.' };

/** Every route there is. The app, the OpenAPI document and clients are made from this table. */
// biome-ignore format: a table is read by the row
export const ROUTES = {
  // The incident
  declare: { method: 'post', path: '/v1/incidents', may: 'Declare', does: 'Declare a breach. Needs only a title; with awareAt it is confirmed and the 72 hours run. 202 with an intake while the workflow engine is away.', group: 'incidents', body: Q.Declare, status: 201, answer: A.Declared, keyed: true },
  board: read('Read', '/v1/incidents', A.Board, 'All incidents, open ones first.', { phase: 'Only this phase.' }),
  incident: read('Read', incident, A.IncidentAnswer, 'One incident: clock, duties, next steps, tasks. ETag is its seq.', minSeq),
  facts: read('Read', `${incident}/facts`, A.FactsAnswer, 'What is known, and which facts are missing.', minSeq),
  recordFacts: command('RecordFacts', '/facts', Q.RecordFacts, 'Record facts; all are checked, none is recorded when one does not fit.'),
  awareness: read('Read', `${incident}/awareness`, A.AwarenessAnswer, 'The four instants of R-115 with their history.', minSeq),
  confirmAwareness: command('ConfirmAwareness', '/awareness', Q.ConfirmAwareness, 'Confirm a suspicion: awareAt starts the 72 hours.'),
  correctAwareness: command('CorrectAwareness', '/awareness/correction', Q.CorrectAwareness, 'Correct or add one of the instants. An earlier awareAt acts at once; a later one waits for a second person.'),
  assessment: read('Read', `${incident}/assessment`, A.AssessmentAnswer, 'Proposed level, severity arithmetic, factors, duties, each with its rule.', minSeq),
  decideRisk: command('DecideRisk', '/decision', Q.DecideRisk, 'Decide the risk. UNLIKELY_RISK (no notice) needs two people.'),
  withdraw: command('Withdraw', '/withdrawal', Q.Withdraw, 'Withdraw: not a breach after all, a duplicate, other. Once confirmed it needs two people.'),
  close: command('Close', '/closure', Q.Close, 'Close when nothing is owed any more.'),
  reopen: command('Reopen', '/reopening', Q.Reopen, 'Reopen a closed incident.'),
  acknowledge: command('Acknowledge', '/acknowledgement', Q.Acknowledge, 'Acknowledge an escalation: "I have it".'),
  tasks: read('Read', `${incident}/tasks`, A.Tasks, 'What people owe, open tasks first.', minSeq),
  completeTask: command('CompleteTask', '/tasks/{task}', Q.CompleteTask, 'A task is done.'),
  // Duties
  holdDuty: command('HoldDuty', '/duties/{duty}/hold', Q.HoldDuty, 'Hold a duty at the request of law enforcement.'),
  releaseDuty: command('ReleaseDuty', '/duties/{duty}/release', Q.ReleaseDuty, 'End the hold.'),
  exemptDuty: command('ExemptDuty', '/duties/{duty}/exemption', Q.ExemptDuty, 'Exempt a duty under a rule, with its proof.'),
  openDuty: command('OpenDuty', '/duties/{duty}/opening', Q.OpenDuty, 'Tell an authority that is not on your list: authority-notice/ID of the directory.'),
  // Notices
  notices: read('Read', `${incident}/notices`, A.Notices, 'Every phase: draft, approved version, deliveries.', minSeq),
  notice: read('Read', `${incident}/notices/{phase}`, A.NoticePhase, 'One phase: read this, approve its hash.', minSeq),
  noticeDocument: { method: 'get', path: `${incident}/notices/{authority}/{phase}.{format}`, may: 'Read', does: 'The notice as that authority gets it: .pdf, .json (the common form), .html, .txt.', group: 'incidents', query: { version: 'draft, approved or sent; the furthest one when left out.' }, status: 200, gives: ['application/pdf', 'application/json', 'text/html', 'text/plain'] },
  draftNotice: command('DraftNotice', '/notices', Q.DraftNotice, 'Ask for a draft of the next phase from the facts as they are now.'),
  approveNotice: command('ApproveNotice', '/notices/{phase}/approval', Q.ApproveNotice, 'Approve the content with this hash; it is sent at once unless held.'),
  releaseNotice: command('ReleaseNotice', '/notices/{phase}/release', Q.Nothing, 'Send what was approved and held.'),
  revokeApproval: command('RevokeApproval', '/notices/{phase}/revocation', Q.RevokeApproval, 'Revoke an approval that was not sent yet.'),
  recordReceipt: command('RecordReceipt', '/notices/{authority}/{phase}/receipt', Q.RecordReceipt, "Record the authority's receipt."),
  // People
  people: read('Read', `${incident}/people`, P.PeopleLists, 'The uploaded lists.'),
  uploadPeople: { method: 'post', path: `${incident}/people`, may: 'UploadPeople', does: 'Upload the list of affected people (CSV, streamed). Nothing is sent; the report says row by row what does not fit.', group: 'people', takes: 'text/csv', status: 201, answer: P.ImportReport, keyed: true },
  acceptPeople: command('FreezePeopleList', '/people/{list}/acceptance', Q.AcceptPeople, 'Accept an uploaded list: from here on it cannot change.'),
  messages: read('Read', `${incident}/messages`, P.MessagesAnswer, 'Messages and their approvals.'),
  draftMessage: { method: 'post', path: `${incident}/messages`, may: 'DraftNotice', does: 'Propose the message to people from the facts, with a text for each segment of the list; fields given replace the proposed wording.', group: 'people', body: Q.DraftMessage, status: 201, answer: P.MessageAnswer, keyed: true },
  message: read('Read', `${incident}/messages/{message}`, P.MessageAnswer, 'One message.'),
  messagePreview: { method: 'get', path: `${incident}/messages/{message}/preview.{format}`, may: 'Read', does: 'As people will read it: .html, .txt.', group: 'people', query: { text: 'Of several texts this one, such as de/CONTACT+HEALTH. Left out, .txt has all of them.' }, status: 200, gives: ['text/html', 'text/plain'] },
  approveMessage: command('ApproveMessage', '/messages/{message}/approval', Q.ApproveMessage, 'Approve the text for a list; two people, each once.'),
  mailings: read('Read', `${incident}/mailings`, P.Mailings, 'Mailings and their totals.'),
  startMailing: command('StartMailing', '/mailings', Q.StartMailing, 'Send the approved message to the accepted list.'),
  mailing: read('Read', `${incident}/mailings/{mailing}`, P.MailingAnswer, 'One mailing with its progress.'),
  pauseMailing: command('PauseMailing', '/mailings/{mailing}/pause', Q.PauseMailing, 'Pause.'),
  resumeMailing: command('ResumeMailing', '/mailings/{mailing}/resume', Q.Nothing, 'Go on where it stopped.'),
  // Record
  breakGlass: read('Read', `${incident}/break-glass`, A.BreakGlassUses, 'Where one person acted for two.'),
  reviewBreakGlass: command('ReviewBreakGlass', '/break-glass/{use}/review', Q.ReviewBreakGlass, 'Review it, within 24 hours.'),
  ledger: read('ReadLedger', `${incident}/ledger`, A.LedgerAnswer, 'The record, with its chain verified.', { fromSeq: 'From this seq on.', limit: 'At most so many entries (500).' }),
  register: read('Read', '/v1/register', A.Register, 'The register of Art. 33(5).'),
  registerJson: read('Read', '/v1/register.json', A.Register, 'The register as a file.'),
  registerCsv: { method: 'get', path: '/v1/register.csv', may: 'Read', does: 'The register as a table.', group: 'record', status: 200, gives: ['text/csv'] },
  // Drills
  addClockSegment: command('AddClockSegment', '/clock', Q.AddClockSegment, 'Drills: pause, jump, or change the speed of the clock.'),
  releaseInject: command('ReleaseInject', '/injects', Q.ReleaseInject, 'Drills: release an inject.'),
  runDrill: { method: 'post', path: '/v1/drills', may: 'RunDrill', does: 'Drill side only: play a scenario with the autopilot. The body holds the scenario file itself.', group: 'drills', body: Q.RunDrill, status: 201, answer: A.DrillStarted, keyed: true },
  drill: { method: 'get', path: '/v1/drills/{drill}', may: 'Read', does: 'How far a drill has come.', group: 'drills', status: 200, answer: A.DrillProgress },
  // Organisation
  me: { method: 'get', path: '/v1/me', may: 'AnyLogin', does: 'Who this key belongs to, and in which zone the organisation reads its clocks.', group: 'organisation', status: 200, answer: O.Me },
  organisation: { method: 'get', path: '/v1/organisation', may: 'ManageOrganisation', does: 'What is known before a breach.', group: 'organisation', status: 200, answer: O.OrganisationAnswer },
  describeOrganisation: { method: 'put', path: '/v1/organisation', may: 'ManageOrganisation', does: 'Describe the organisation; open incidents keep their copy until confirmed or decided.', group: 'organisation', body: Q.DescribeOrganisation, status: 200, answer: O.OrganisationAnswer, keyed: true },
  authorisation: { method: 'get', path: '/v1/organisation/authorisation', may: 'Read', does: 'The standing authorisation: what may be filed without anybody\'s approval; null when nothing may.', group: 'organisation', status: 200, answer: O.AuthorisationAnswer },
  authoriseFiling: { method: 'post', path: '/v1/organisation/authorisation', may: 'AuthoriseFiling', does: 'Allow in advance that a notice which nobody has approved is filed by itself to these authorities, so many hours before the deadline. Takes the place of the one before; open incidents are told.', group: 'organisation', body: Q.AuthoriseFiling, status: 200, answer: O.AuthorisationCarried, keyed: true },
  revokeAuthorisation: { method: 'post', path: '/v1/organisation/authorisation/revocation', may: 'RevokeAuthorisation', does: 'Nothing is filed by itself any more, in open incidents too.', group: 'organisation', body: Q.RevokeAuthorisation, status: 200, answer: O.AuthorisationCarried, keyed: true },
  organisationLedger: { method: 'get', path: '/v1/organisation/ledger', may: 'ReadLedger', does: 'The record of logins, roles and mailboxes.', group: 'organisation', query: { fromSeq: 'From this seq on.', limit: 'At most so many entries (500).' }, status: 200, answer: A.LedgerAnswer },
  bootstrap: { method: 'post', path: '/v1/bootstrap', may: 'Public', does: 'The first administrator, on an empty store; again, with a new key, until the first one was used: Authorization is the bootstrap token of the server.', group: 'organisation', body: Q.Bootstrap, status: 201, answer: O.KeyIssued, keyed: true },
  staff: { method: 'get', path: '/v1/staff', may: 'ManageStaff', does: 'Logins and roles.', group: 'organisation', status: 200, answer: O.StaffList },
  addStaff: { method: 'post', path: '/v1/staff', may: 'ManageStaff', does: 'Add a person who acts.', group: 'organisation', body: Q.AddStaff, status: 201, answer: O.StaffAnswer, keyed: true },
  changeRoles: { method: 'put', path: '/v1/staff/{staff}/roles', may: 'ManageStaff', does: 'Change roles.', group: 'organisation', body: Q.ChangeRoles, status: 200, answer: O.StaffAnswer, keyed: true },
  removeStaff: { method: 'delete', path: '/v1/staff/{staff}', may: 'ManageStaff', does: 'Remove a person: every login of theirs ends. Who it was stays known.', group: 'organisation', status: 200, answer: O.Done, keyed: true },
  eraseStaff: { method: 'delete', path: '/v1/staff/{staff}/identity', may: 'ManageStaff', does: 'Destroy name and address of somebody removed.', group: 'organisation', status: 200, answer: O.Done, keyed: true },
  issueKey: { method: 'post', path: '/v1/staff/{staff}/keys', may: 'ManageStaff', does: 'Issue a personal key; its secret is shown once.', group: 'organisation', body: Q.Nothing, status: 201, answer: O.KeyIssued, keyed: true },
  revokeKey: { method: 'delete', path: '/v1/staff/{staff}/keys/{key}', may: 'ManageStaff', does: 'Revoke a key.', group: 'organisation', status: 200, answer: O.Done, keyed: true },
  authorities: { method: 'get', path: '/v1/authorities', may: 'Read', does: 'The directory of supervisory authorities.', group: 'organisation', query: { country: 'Only this country (ISO 3166).' }, status: 200, answer: O.Authorities },
  authority: { method: 'get', path: '/v1/authorities/{authority}', may: 'Read', does: 'One authority.', group: 'organisation', status: 200, answer: O.Authority },
  verifyMailbox: { method: 'post', path: '/v1/authorities/{authority}/mailbox', may: 'VerifyMailbox', does: 'A person has made sure that this mailbox takes breach notices.', group: 'organisation', body: Q.VerifyMailbox, status: 200, answer: O.Authority, keyed: true },
  // Machines
  healthz: { method: 'get', path: '/healthz', may: 'Public', does: 'The process answers.', group: 'machines', status: 200, answer: A.Health },
  readyz: { method: 'get', path: '/readyz', may: 'Public', does: 'The stores behind it answer; 503 when one does not.', group: 'machines', status: 200, answer: A.Readiness },
  metrics: { method: 'get', path: '/metrics', may: 'Public', does: 'Prometheus.', group: 'machines', status: 200, gives: ['text/plain'] },
  openapi: { method: 'get', path: '/openapi.json', may: 'Public', does: 'This document.', group: 'machines', status: 200, gives: ['application/json'] },
} as const satisfies Record<string, Route>;

export type RouteId = keyof typeof ROUTES;
export const ROUTE_IDS = Object.keys(ROUTES) as RouteId[];
export const route = (id: RouteId): Route => ROUTES[id];

/** What a route's body is after its schema: instants are Instants, nothing unknown is left. */
export type BodyOf<Id extends RouteId> = (typeof ROUTES)[Id] extends { readonly body: infer B extends z.ZodType }
  ? z.output<B>
  : undefined;

/** `/v1/incidents/BR-…/duties/authority-notice%2Fie-dpc/hold` from the path of a route and its parameters. */
export function pathOf(id: RouteId, parameters: Readonly<Record<string, string | number>> = {}): string {
  return ROUTES[id].path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`The path of ${id} needs the parameter ${name}.`);
    return encodeURIComponent(String(value));
  });
}
