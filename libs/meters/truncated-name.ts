const graphemes = new Intl.Segmenter('bn', { granularity: 'grapheme' });

/**
 * A customer's name as a stranger with a phone may see it: the first letter of each word and stars. By grapheme,
 * so that a Bangla letter keeps its vowel sign; always three stars, so that nothing is said of the length.
 *
 * @example truncatedName('Abdul Karim') // 'A*** K***'
 */
export function truncatedName(name: string): string {
  return name
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => `${graphemes.segment(word).containing(0)!.segment}***`)
    .join(' ');
}
