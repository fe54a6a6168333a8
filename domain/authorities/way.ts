import type { Instant } from '../clock/instant.js';
import type { Setting } from '../incident/events.js';
import type { Authority, AuthorityEnvelope, AuthorityId } from './authority.js';
import { findAuthority } from './directory.js';

/** A mailbox that a person has verified, in place of the listed one. */
export interface Verified {
  readonly address: string;
  readonly verifiedAt: Instant;
}

/** How an authority is reached: the directory's row, in a language of the organisation where it takes one. */
export const wayTo = (authority: Authority, languages: readonly string[], verified?: Verified): AuthorityEnvelope => ({
  authority: authority.id,
  name: authority.name,
  country: authority.country,
  zone: authority.zone,
  channel: authority.channel,
  address: verified?.address ?? authority.mailbox,
  portal: authority.portal,
  language: authority.languages.find((l) => languages.includes(l)) ?? authority.languages[0] ?? 'en',
  mailboxVerifiedAt: verified?.verifiedAt ?? null,
});

/** The way that the setting knows, one that a person has verified besides, or what the directory says: nobody has checked that mailbox then. */
export function wayIn(setting: Setting, id: AuthorityId): AuthorityEnvelope | undefined {
  const known = [...setting.authorities, ...(setting.ways ?? [])].find(({ authority }) => authority === id);
  const row = findAuthority(id);
  return known ?? (row && wayTo(row, setting.organisation.languages));
}
