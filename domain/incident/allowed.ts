import type { CommandType } from './commands.js';
import type { Phase } from './state.js';

const OPEN: readonly Phase[] = ['suspected', 'confirmed', 'notifying'];
const AWARE: readonly Phase[] = ['confirmed', 'notifying'];
const ALL: readonly Phase[] = ['suspected', 'confirmed', 'notifying', 'closed', 'withdrawn'];

/** What is allowed when. The one table that API, CLI and tests read; the engine's own commands report what has happened and are always taken. */
export const ALLOWED_IN: Readonly<Record<CommandType, readonly Phase[]>> = {
  ConfirmAwareness: ['suspected'],
  CorrectAwareness: OPEN,
  RecordFacts: ['suspected', 'confirmed', 'notifying', 'closed'], // closed: a changed fact reopens by itself
  DecideRisk: AWARE, // again later: a decision can be revised, R-207
  DraftNotice: [...AWARE, 'withdrawn'], // withdrawn: the notice that withdraws, R-223
  ApproveNotice: [...AWARE, 'withdrawn'], // again while notifying: Art. 33(4) allows phases
  ReleaseNotice: [...AWARE, 'withdrawn'],
  RevokeApproval: [...AWARE, 'withdrawn'],
  RecordReceipt: [...AWARE, 'withdrawn'],
  HoldDuty: AWARE,
  ReleaseDuty: AWARE,
  ExemptDuty: AWARE,
  OpenDuty: AWARE,
  CompleteTask: [...OPEN, 'withdrawn'],
  Acknowledge: ALL, // also what break-glass left behind when it ended the incident
  FreezePeopleList: AWARE,
  ApproveMessage: AWARE,
  StartMailing: AWARE,
  PauseMailing: AWARE,
  ResumeMailing: AWARE,
  ReviewBreakGlass: ALL,
  Withdraw: OPEN,
  Close: ['notifying'],
  Reopen: ['closed', 'withdrawn'],
  AddClockSegment: OPEN,
  ReleaseInject: OPEN,
  ProposeTriage: ALL,
  PutDraft: ALL,
  ReportSubmission: ALL,
  ReportStalled: ALL,
  ReportAmbiguous: ALL,
  ReportRefusal: ALL,
  ReportPortalPack: ALL,
  ReportEscalation: ALL,
  RenewSetting: ALL,
  FileAutomatically: ALL,
  ReportMailing: ALL,
  ReportRecordGap: ALL,
  ReportRecordWhole: ALL,
};
