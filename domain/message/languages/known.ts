import { DE } from './de.js';
import { EN } from './en.js';
import { FR } from './fr.js';
import type { MessageLanguage } from './language.js';

/** Languages in which a message to people can be drafted; BCP 47. */
export const MESSAGE_LANGUAGES = { en: EN, de: DE, fr: FR } as const satisfies Record<string, MessageLanguage>;
export type KnownLanguage = keyof typeof MESSAGE_LANGUAGES;
export const isMessageLanguage = (language: string): language is KnownLanguage =>
  Object.hasOwn(MESSAGE_LANGUAGES, language);
