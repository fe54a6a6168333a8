import type { OutgoingMail } from '../../activities/ports.js';
import type { WatchMessage } from '../../domain/watch/alarms.js';
import { wordsOf } from '../../domain/watch/words.js';
import {
  dateHeader,
  domainOf,
  mailbox,
  mailboxHeader,
  messageBytes,
  plainHeader,
  sha256,
  textHeader,
  textPart,
} from './mime.js';

/** An alarm of the watchdog as a plain mail. The same message to the same address has the same Message-ID. */
export function watchMail(message: WatchMessage, id: string, from: string, to: string): OutgoingMail {
  const { subject, says, incidents, next, runbook } = wordsOf(message);
  const sender = mailbox('From', from);
  const recipient = mailbox('To', to);
  const text = [
    says,
    ...(incidents.length > 0 ? [incidents.join('\n')] : []),
    `Do this now:\n  ${next}\n  Steps: ${runbook}`,
    ...(message.kind === 'over'
      ? []
      : [
          `Say that you have it (the calls go on until somebody does), on the watchdog's machine:\n  touch $SEVENTYTWO_WATCHDOG_DIR/acknowledge.${message.cause}`,
        ]),
  ].join('\n\n');
  const messageId = `<watchdog.${message.cause}.${sha256(id, '|', recipient).slice(0, 24)}@${domainOf(sender)}>`;
  const headers = [
    mailboxHeader('From', sender, 'seventytwo watchdog'),
    mailboxHeader('To', recipient, null),
    textHeader('Subject', subject),
    dateHeader(message.at),
    plainHeader('Message-ID', messageId),
    'Auto-Submitted: auto-generated',
    ...(message.kind === 'over' ? [] : ['Importance: high', 'X-Priority: 1']),
  ];
  return { from: sender, to: recipient, bytes: messageBytes(headers, textPart(`${text}\n`)), messageId };
}
