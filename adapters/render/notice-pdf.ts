import { contactLine } from '../../domain/notice/answers.js';
import { saidBefore, shortened } from '../../domain/notice/changes.js';
import { automaticStatement } from '../../domain/notice/automatic.js';
import { DRILL_MARKING, pageMarking } from '../../domain/notice/marking.js';
import type { NoticeContent, NoticeEnvelope } from '../../domain/notice/model.js';
import { noticeOverview } from '../../domain/notice/overview.js';
import { type NoticeRow, noticeSections } from '../../domain/notice/rows.js';
import { assertMarked } from './marking.js';
import { noticeForm } from './notice-form.js';
import { COLOUR, Sheet } from './sheet.js';
import { knownOffsetMs } from './zone.js';

const NOTE: Readonly<Record<NoticeRow['state'], { text: string; colour: string } | undefined>> = {
  given: undefined,
  estimated: { text: 'ESTIMATED', colour: COLOUR.accent },
  pending: { text: 'TO FOLLOW', colour: COLOUR.pending },
  undeterminable: { text: 'CANNOT BE DETERMINED', colour: COLOUR.soft },
  not_applicable: { text: 'NOT APPLICABLE', colour: COLOUR.soft },
};

const RELEASED = {
  sent: 'This notification released',
  draft: 'This draft made',
  approved: 'This notification approved',
} as const;
const UNSENT = {
  draft: 'DRAFT. Nobody has approved it, and it has not been sent to anybody.',
  approved: 'APPROVED, NOT SENT YET.',
} as const;

/** PDF/A-3a and PDF/UA-1, the same bytes for the same content and envelope; the form lies in it as an attachment. */
export async function noticePdf(content: NoticeContent, envelope: NoticeEnvelope): Promise<Uint8Array> {
  const drill = content.mode === 'drill';
  const overview = noticeOverview(content, envelope, knownOffsetMs);
  const form = noticeForm(content, envelope);
  const mark = pageMarking(drill, envelope.unsent);
  const title = `${mark === null ? '' : `${mark}   `}${overview.title}: ${content.incident}, phase ${content.phase}`;
  const sheet = new Sheet({
    title,
    author: content.controller.name,
    subject: `${mark === null ? '' : `${mark}   `}Notification under ${envelope.under ?? 'Article 33 GDPR'} to ${envelope.authorityName}`,
    keywords: `${content.incident} ${envelope.contentSha256}`,
    at: envelope.releasedAt,
  });

  if (drill) sheet.banner(`${DRILL_MARKING}. This is a drill. No personal data were breached.`, COLOUR.late);
  if (envelope.unsent) sheet.banner(UNSENT[envelope.unsent], COLOUR.pending);
  firstPage(sheet, content, envelope);
  sheet.newPage();
  for (const { number, title: name, rows } of noticeSections(content, envelope, knownOffsetMs)) {
    sheet.heading(2, number === '+' ? name : `${number}   ${name}`);
    sheet.rows(rows.map((row) => line(row)));
  }
  aboutThisDocument(sheet, content, envelope);
  if (drill) sheet.banner(DRILL_MARKING, COLOUR.late);

  sheet.attach(
    Buffer.from(form, 'utf8'),
    `${drill ? 'EXERCISE-' : ''}${envelope.unsent === 'draft' ? 'DRAFT-' : ''}notice-${content.incident}-${content.phase}.json`,
    'The same notification as data: fields of the EDPB template v1.0',
    'application/json',
    envelope.releasedAt,
  );
  let marked = 0;
  const pages = sheet.frame((page, count) => {
    if (mark?.startsWith(DRILL_MARKING)) marked += 1;
    return {
      mark,
      head: `${overview.title} under ${envelope.under ?? 'Article 33 GDPR'}   ·   ${content.controller.name}   ·   to ${envelope.authorityName}`,
      foot: [
        {
          text: `${content.incident}   ·   phase ${content.phase}   ·   page ${page} of ${count}`,
          style: { font: 'bold', size: 7.5, colour: COLOUR.ink },
        },
        { text: `content sha-256 ${envelope.contentSha256}`, style: { font: 'mono', size: 6, colour: COLOUR.soft } },
        {
          text:
            envelope.ledgerHead === null
              ? 'ledger not recorded'
              : `ledger ${envelope.ledgerHead.seq}  ${envelope.ledgerHead.hash}`,
          style: { font: 'mono', size: 6, colour: COLOUR.soft },
        },
      ],
    };
  });
  const bytes = await sheet.finish();
  // The pages are compressed; what is drawn on them was counted, and the title stands in the metadata in plain text.
  if (drill && marked !== pages) throw new Error(`Only ${marked} of ${pages} pages carry the marking of the exercise.`);
  assertMarked(content.mode, { 'metadata of the PDF': { text: Buffer.from(bytes).toString('latin1') } });
  return bytes;
}

function line({ no, label, answer, state }: NoticeRow) {
  const note = NOTE[state];
  const style = state === 'pending' ? ({ font: 'italic', colour: COLOUR.pending } as const) : {};
  return { label, answer, style, ...(no !== null && { no }), ...(note && { note }) };
}

function firstPage(sheet: Sheet, content: NoticeContent, envelope: NoticeEnvelope): void {
  const overview = noticeOverview(content, envelope, knownOffsetMs);
  const { controller, dpo, reportingPerson } = content;
  sheet.heading(1, overview.title);
  sheet.paragraph(`under ${envelope.under ?? 'Article 33 of Regulation (EU) 2016/679 (GDPR)'}`, {
    size: 10.5,
    colour: COLOUR.soft,
  });
  sheet.paragraph(overview.kind, { font: 'bold', size: 11 });
  sheet.space(6);
  const automatic = automaticStatement(content);
  if (automatic !== null) sheet.banner(automatic, COLOUR.pending);
  sheet.rows(
    [
      { label: 'To', answer: envelope.authorityName, style: { font: 'bold' } },
      { label: 'From (controller)', answer: controller.name, style: { font: 'bold' } },
      { label: 'Our reference', answer: `${content.incident}, phase ${content.phase}` },
      ...(envelope.earlierReference === null
        ? []
        : [{ label: 'Your reference of the earlier notification', answer: envelope.earlierReference }]),
      { label: 'Controller aware of the breach', answer: overview.awareAt },
      { label: 'End of the 72 hours', answer: overview.dueAt },
      { label: RELEASED[envelope.unsent ?? 'sent'], answer: overview.releasedAt },
      {
        label: 'In time?',
        answer: overview.timing,
        style: { font: 'bold', colour: overview.inTime ? COLOUR.good : COLOUR.late },
      },
      // What is taken back is not said once more on top.
      ...(content.completeness === 'WITHDRAW'
        ? []
        : [
            { label: 'People concerned', answer: overview.people },
            { label: 'Risk to them', answer: overview.risk },
          ]),
      {
        label: 'More information from',
        answer: [(dpo ?? reportingPerson).name, contactLine(dpo ?? reportingPerson)]
          .filter((line) => line !== '')
          .join('\n'),
      },
    ],
    true,
  );
  if (content.withdrawalReason !== null) {
    sheet.heading(2, 'Why the earlier notification is withdrawn');
    sheet.paragraph(content.withdrawalReason);
  }
  changes(sheet, content);
  if (content.completeness === 'WITHDRAW') return;
  if (overview.missing.length > 0) {
    sheet.heading(2, `Not known yet (${overview.missing.length})`);
    sheet.paragraph(
      `These will follow without undue further delay${envelope.withoutHours ? '' : ' (Art. 33(4))'}. The number is the row of the common form.`,
      { colour: COLOUR.soft },
    );
    sheet.bullets(overview.missing);
  } else {
    sheet.space(8);
    sheet.paragraph('Nothing that the common form asks for is missing.', { colour: COLOUR.good });
  }
}

function changes(sheet: Sheet, content: NoticeContent): void {
  if (content.changes.length === 0) return;
  sheet.heading(2, `Changed since phase ${content.changesSince ?? content.phase - 1} (${content.changes.length})`);
  sheet.rows(
    content.changes.map((change) => {
      const before = saidBefore(change);
      const lines = [shortened(change.after), before === null ? null : `(before: ${before})`, change.why ?? null];
      return { label: change.field, answer: lines.filter((line) => line !== null).join('\n') };
    }),
  );
}

function aboutThisDocument(sheet: Sheet, content: NoticeContent, envelope: NoticeEnvelope): void {
  sheet.heading(2, 'About this document');
  sheet.paragraph(
    'The numbers are the rows of the EDPB template v1.0 for notifications of personal data breaches. The same notification is attached to this file as data (JSON). The hash below is taken over the content of this notification; the head of the ledger stands for everything recorded about this incident until then. With both the controller can show at any time that neither was altered.',
  );
  sheet.rows([
    { label: 'Content (SHA-256)', answer: envelope.contentSha256, style: { font: 'mono', size: 7.5 } },
    {
      label: 'Head of the ledger',
      answer:
        envelope.ledgerHead === null ? 'not recorded' : `entry ${envelope.ledgerHead.seq}\n${envelope.ledgerHead.hash}`,
      style: { font: 'mono', size: 7.5 },
    },
    { label: 'Built under the rules', answer: content.rules },
    { label: 'Content built at', answer: content.builtAt },
  ]);
}
