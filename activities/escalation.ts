import { log } from '@temporalio/activity';
import type { DeliveryChannel } from '../domain/incident/events.js';
import { isExerciseAddress } from '../domain/message/address.js';
import { whileAlive } from './alive.js';
import type { Alarm, MailComposer, Pager, Relay, StillStaff } from './ports.js';

export interface EscalationTools {
  readonly relay: Relay;
  readonly composer: MailComposer;
  readonly pager: Pager;
  readonly staff: StillStaff;
  readonly from: string;
}

export interface Escalate {
  readonly alarm: Alarm;
  readonly to: readonly { readonly staff: string; readonly email: string }[];
  readonly alsoPage: boolean;
  /** The organisation's own sender, where the incident knows it. */
  readonly from?: string;
}

export interface Escalated {
  readonly outcomes: { channel: DeliveryChannel; ok: boolean; count: number }[];
  /** Staff whose mail a relay has taken over. */
  readonly to: string[];
}

export type EscalationActivities = ReturnType<typeof createEscalationActivities>;

/**
 * Wakes people. Every channel is tried at the same time and counted for itself; never fails because a channel does. May run twice:
 * an alarm that comes double is better than one that is lost.
 */
export function createEscalationActivities({ relay, composer, pager, staff, from }: EscalationTools) {
  async function mailTo(
    alarm: Alarm,
    person: { staff: string; email: string },
    sender: string,
  ): Promise<DeliveryChannel | null> {
    if (alarm.mode === 'drill' && !isExerciseAddress(person.email)) return null;
    try {
      const outcome = await relay.send(composer.escalationMail(alarm, person, sender), () => undefined);
      if (outcome.state !== 'accepted') return null;
      return outcome.relay === 'first' ? 'email' : 'fallback-email';
    } catch {
      return null; // counted as not reached: one damaged entry must not keep the others asleep
    }
  }

  /** Without those who have left; everybody when that is not known, or when nobody would be left to wake. */
  async function stillHere(to: Escalate['to']): Promise<Escalate['to']> {
    const active = await staff.active(to.map((person) => person.staff));
    const here = active ? to.filter((person) => active.has(person.staff)) : to;
    return here.length > 0 ? here : to;
  }

  async function page(alarm: Alarm): Promise<boolean | null> {
    try {
      return await pager.page(alarm);
    } catch {
      return false;
    }
  }

  return {
    escalate: async ({ alarm, to: named, alsoPage, from: sender = from }: Escalate): Promise<Escalated> => {
      return whileAlive(async () => {
        const paged = alsoPage ? page(alarm) : null;
        const to = await stillHere(named);
        const channels = await Promise.all(to.map((person) => mailTo(alarm, person, sender)));
        const count = (channel: DeliveryChannel | null): number => channels.filter((used) => used === channel).length;
        // With no mail on its way the pager is the last one who can wake anybody.
        const rang = await (paged ?? (count(null) === to.length ? page(alarm) : null));

        const outcomes: Escalated['outcomes'] = [];
        if (count('email') > 0) outcomes.push({ channel: 'email', ok: true, count: count('email') });
        if (count('fallback-email') > 0)
          outcomes.push({ channel: 'fallback-email', ok: true, count: count('fallback-email') });
        if (count(null) > 0) outcomes.push({ channel: 'email', ok: false, count: count(null) });
        if (rang !== null) outcomes.push({ channel: 'pager', ok: rang, count: 1 });
        const { incident, milestone, round } = alarm;
        for (const { channel, ok, count } of outcomes)
          if (!ok) log.warn('alarm.not_delivered', { incident, milestone, round, channel, count });
        return { outcomes, to: to.filter((_, index) => channels[index] !== null).map(({ staff }) => staff) };
      });
    },
  };
}
