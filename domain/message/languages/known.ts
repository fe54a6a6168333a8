import { DE } from './de.js';
import { EN } from './en.js';
import type { MessageLanguage } from './language.js';

/** Languages in which a message to people can be drafted; BCP 47. */
export const MESSAGE_LANGUAGES = { en: EN, de: DE } as const satisfies Record<string, MessageLanguage>;
export type KnownLanguage = keyof typeof MESSAGE_LANGUAGES;
export const isMessageLanguage = (language: string): language is KnownLanguage =>
  Object.hasOwn(MESSAGE_LANGUAGES, language);
