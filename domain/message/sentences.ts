/** Ends of a sentence: not after the number of a day (`2. März`) nor after one letter (`z. B.`). */
export const SENTENCE_END = /(?<!(?<!\d)\d{1,2}|(?<!\p{L})\p{L})[.!?:]+(?=\s|$)|[?!:](?=\s)|\n/u;

/** Parts of a text that hold at least one word. A heading or a list item is one of them. */
export const sentencesIn = (text: string): readonly string[] =>
  text.split(SENTENCE_END).filter((part) => /\p{L}/u.test(part));
