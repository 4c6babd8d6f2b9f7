/** The two languages of every page. */
export type Language = 'bn' | 'en';

/** One sentence or label in both; `{name}` stands for a value that is filled in. */
export interface Text {
  readonly bn: string;
  readonly en: string;
}

/** What is filled into a text, by the name in its braces. */
export type Values = Readonly<Record<string, string>>;

/**
 * A table of texts, whose keys are typed and whose texts cannot lack a language: a missing one does not compile.
 *
 * @example const WORDS = texts({ next: { bn: 'পরের গ্রাহক', en: 'Next customer' } });
 */
export function texts<const Key extends string>(table: Readonly<Record<Key, Text>>): Readonly<Record<Key, Text>> {
  return table;
}

/**
 * A text in one language with its values.
 *
 * @throws {Error} when a value is missing: a page must not show braces
 * @example say({ bn: '{n}টি', en: '{n} found' }, 'en', { n: '3' }) // '3 found'
 */
export function say(text: Text, language: Language, values: Values = {}): string {
  return text[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {${name}}`);
    return value;
  });
}

/** The names in a text's braces, in alphabetical order. */
export function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!))].sort();
}
