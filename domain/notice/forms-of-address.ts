/** Names are found behind a form of address, or before it where the language puts it there; nothing else in a text tells a name. */

/** After a form of address a capital begins a name; titles of an office that follow one are none. */
const TITLED =
  /(?<![\p{L}\p{N}.@/-])(?:Mr\.?|Mrs\.?|Ms\.?|Mme|Mlle|Monsieur|Madame|Frau|Herrn?|Dr\.?|Prof\.?)\s+(?:(?:Dr|Prof)\.?\s+)*(?:(?:von|van|de|du|der|den|la|le|zu)\s+){0,2}(\p{Lu}[\p{L}'’-]+)|(?<![\p{L}\p{N}.]|\d\s)M\.\s+(\p{Lu}\p{Ll}[\p{L}'’-]*)/gu;

/** The other languages of the EEA. Many write the form small within a sentence. */
const FORMS = [
  'Miss', // a word of English when small
  '[Ss]eñor(?:a|ita)?|[Ss]r(?:t?a)?\\.|[Dd]ña\\.?|[Dd]oña', // es; Sr. and Sra. are Portuguese too
  '[Ss]enhora?|[Ss]r\\.ª',
  '[Ss]ignor(?:a|e|ina)?|[Ss]ig\\.(?:ra|na)?|[Dd]ott\\.(?:ssa)?',
  '[Mm]evrouw|[Mm]evr\\.|[Mm]w\\.|[Mm]eneer|[Dd]hr\\.|[Dd]e heer',
  '[Pp]an(?:i|a|ią|u|em)?|[Pp]an[íi]|[Pp]án',
  '[Hh]r\\.|[Ff]ru|[Ff]rú|[Ff]røken|[Ff]röken|[Hh]err',
  '[Hh]erra|[Rr]ouva|[Hh]ärra|[Pp]roua',
  '[Dd]omnul(?:ui)?|[Dd]oamn(?:a|ei)|[Dd]l\\.|[Dd]na\\.?|[Dd]-na|[Dd]-nul',
  '[Gg]ospo(?:din|đa|đi|dična)|[Gg]ospa|[Gg]đa\\.?|[Gg]osp\\.|[Гг]-(?:н|жа)|[Гг]оспо(?:дин|жа)',
  '[Κκ]\\.|[Κκ](?:ος|α)\\.?|[Κκ](?:ύριος|υρία|ύριο)',
  '[Pp]onas|[Pp]onia',
  '[Ss]injura?',
].join('|');
/** A second letter in lower case: Pan OS and Sig. RSA are no people. */
const OF_THE_EEA = new RegExp(
  `(?<![\\p{L}\\p{N}.@/-])(?:${FORMS})\\s+(?:(?:[Dd]r|[Pp]rof)\\.?\\s+)?(?:(?:van|de|der|den|ter|ten|la|del|della|di|da|dos|von)\\s+){0,2}(\\p{Lu}\\p{Ll}[\\p{L}'’-]*)`,
  'gu',
);
/** Hungarian and Latvian put it behind the name. */
const BEHIND = /(?<![\p{L}\p{N}.@/-])(\p{Lu}\p{Ll}[\p{L}'’-]*)\s+(?:úr|asszony|kungs|kundze)(?!\p{L})/gu;

const NO_NAME =
  /^(?:lage|teams|office|exchange|windows|azure|word|excel|outlook|access|sql|web|president|chair(?:man|woman|person)?|justice|speaker|minister|commissioner|le|la|les|l['’].*|.*(?:beauftragte[nr]?|minister(?:in)?|präsident(?:in)?|direktor(?:in)?|vorsitzende[nr]?|sekretär(?:in)?|doktor(?:in)?|professor(?:in)?|kolleg(?:e|en|in)|patient(?:in|en)?|kund(?:e|en|in)|mitarbeiter(?:in)?|anwalt|anwältin))$/iu;
/** Sr. is short for senior as well, Pan begins the name of a region; an office is held by nobody in particular. */
const NO_NAME_OF_THE_EEA =
  /^(?:(?:dev(?:ops|eloper)?|(?:software|system|network|data|security|it)|engineer(?:ing)?|analyst|manager|architect|administrator|admin|consultant|counsel|scientist|designer|specialist|tester|management|staff)s?|american|european|african|asian?|pacific|arab|director[a]?|presidente|presidenta|ministr[oa]|alcalde|alcaldesa|juez|direttore|direttrice|sindaco|burgemeester|voorzitter|dyrektor|prezes|inspektor|minister|ředitel(?:ka)?|starosta|rektor|primar|ministru)$/iu;

export function namesSomebody(text: string, own: readonly string[]): boolean {
  const isName = (found: string | undefined): boolean => {
    const name = (found ?? '').replace(/['’]s$/, '');
    return !NO_NAME.test(name) && !own.some((known) => known.includes(name));
  };
  return (
    [...text.matchAll(TITLED)].some(([, titled, french]) => isName(titled ?? french)) ||
    [...text.matchAll(OF_THE_EEA), ...text.matchAll(BEHIND)].some(
      ([, name = '']) => !NO_NAME_OF_THE_EEA.test(name) && isName(name),
    )
  );
}
