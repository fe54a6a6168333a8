import type { FactInput } from '../../../domain/incident/facts.js';
import { buildNotice, sourceFromFacts } from '../../../domain/notice/build.js';
import type { NoticeContent, NoticeEnvelope } from '../../../domain/notice/model.js';
import { AWARE, anOrganisation, byEmail, fact, HOSPITAL_FACTS, hoursAfter } from '../../build.js';
import { factsOf } from '../../domain/notice/generated.js';

export const aNotice = (mode: 'live' | 'drill' = 'live', ...facts: readonly FactInput[]): NoticeContent => {
  const state = sourceFromFacts({
    id: mode === 'drill' ? 'EX-7K3M-9QXD' : 'BR-7K3M-9QXD',
    mode,
    facts: factsOf(...HOSPITAL_FACTS, ...facts),
    awareness: { awareAt: { at: AWARE, zone: 'Europe/Dublin', source: 'test', by: 'st_1', recordedAt: AWARE } },
    setting: { organisation: anOrganisation(), authorities: [byEmail()] },
    decision: { level: 'HIGH_RISK', reasons: 'Health data in unknown hands.' },
  });
  return buildNotice({ state, at: hoursAfter(30), rules: 'gdpr-2018', previous: null, withdraw: null });
};

export const anEnvelope = (over: Partial<NoticeEnvelope> = {}): NoticeEnvelope => ({
  authority: 'ex-authority',
  authorityName: 'Exercise Authority',
  language: 'en',
  channel: 'email',
  address: 'notices@authority.test',
  portal: null,
  earlierReference: null,
  contentSha256: '3f'.repeat(32),
  ledgerHead: { seq: 42, hash: 'a9'.repeat(32) },
  releasedAt: hoursAfter(31),
  ...over,
});

/** Text that a page must show in several scripts, and a character that no font of ours has. */
export const SCRIPTS = fact('breach.rootCause', 'Ελληνικά, Български, Zażółć gęślą jaźń, 漢字, \u0007 and a | tab\t.');
