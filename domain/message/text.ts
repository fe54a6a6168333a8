import { isMessageLanguage, MESSAGE_LANGUAGES } from './languages/known.js';
import type { MessageContent, PeopleMessage } from './model.js';
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

/** The whole message as plain text: what previews show and what the authority is given (F-56). Several texts each under their name. */
export function messageText(content: MessageContent): string {
  if (content.model === 1) return textOf(content);
  return content.variants.map((variant) => `[${variantName(variant.for)}]\n\n${textOf(variant.text)}`).join('\n\n');
}
