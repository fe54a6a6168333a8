import type { Alarm } from '../../activities/ports.js';

export const anAlarm = (about: Partial<Alarm> = {}): Alarm => ({
  incident: 'BR-7K3M-9QXD',
  mode: 'live',
  title: 'Mailbox of the front desk read by somebody else',
  milestone: 'aware+48h',
  round: 1,
  dueAt: '2026-03-05T09:00:00.000Z',
  actAt: '2026-03-04T09:00:00.000Z',
  zone: 'Europe/Berlin',
  says: 'The notice to the authority is due in 24 hours.',
  next: 'Approve the draft.',
  acknowledge: 'seventytwo ack BR-7K3M-9QXD',
  withCalendar: false,
  ...about,
});
