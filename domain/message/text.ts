import { isMessageLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { MessageContent, MessageVariant, PeopleMessage, VariedMessage } from './model.js';
import { variantName } from './segments.js';

/** The parts in the order in which they are read, each with its heading in the message's language. Without the subject. */
export function messageParts(message: PeopleMessage): readonly { readonly heading: string; readonly body: string }[] {
  const { headings } = MESSAGE_LANGUAGES[isMessageLanguage(message.language) ? message.language : 'en'];
  return [
    {
      heading: headings.whatHappened,
      body: [message.whatHappened, message.when].filter((part) => part !== '').join('\n'),
    },
    { heading: headings.whichDataOfYours, body: message.whichDataOfYours },
    { heading: headings.consequences, body: message.consequences },
    { heading: headings.whatWeDid, body: message.whatWeDid },
    { heading: headings.whatYouCanDo, body: message.whatYouCanDo },
    { heading: headings.fraudWarning, body: message.fraudWarning },
    {
      heading: headings.contact,
      body: [message.contact, message.dpo, message.authorityYouMayTurnTo].filter((part) => part !== '').join('\n'),
    },
    { heading: headings.caseRefPublic, body: message.caseRefPublic },
  ].filter(({ body }) => body !== '');
}

const textOf = (message: PeopleMessage): string =>
  [message.subject, ...messageParts(message).map(({ heading, body }) => `${heading}\n${body}`)].join('\n\n');

/** Above this the authority is shown what those read who lost the most, and is told of the others by name. */
const ALL_UP_TO = 4;

/** What people were told, as the authority is given it (F-56, row 106). Several texts each under their name. */
export function messageText(content: MessageContent): string {
  if (content.model === 1) return textOf(content);
  const most = content.variants.toSorted((a, b) => breadth(b) - breadth(a) || order(content, a) - order(content, b));
  const shown = content.variants.length > ALL_UP_TO ? most.slice(0, 1) : content.variants;
  const others = content.variants.filter((one) => !shown.includes(one)).map((one) => variantName(one.for));
  return [
    ...shown.map((variant) => `[${variantName(variant.for)}]\n\n${textOf(variant.text)}`),
    ...(others.length === 0
      ? []
      : [
          `There are ${others.length} more texts, in other languages or for people of whom less leaked, each with only the data concerned: ${others.join(', ')}. They are kept with the record.`,
        ]),
  ].join('\n\n');
}

const breadth = ({ for: { data } }: MessageVariant): number => data?.length ?? Number.MAX_SAFE_INTEGER;
const order = ({ otherwise }: VariedMessage, { for: { language } }: MessageVariant): number =>
  language === otherwise ? 0 : 1;
