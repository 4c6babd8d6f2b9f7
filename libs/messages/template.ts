import type { Language } from '@vend/receipts';
import type { TemplateCode } from './codes';

/** One text of one language, as published: never edited, only followed by another version. */
export interface SmsTemplate {
  readonly code: TemplateCode;
  readonly version: number;
  readonly language: Language;
  /** Words, {placeholders}, and [pieces] that are left out when a placeholder in them has no value. */
  readonly body: string;
}

/** Words as they stand, or the name of a value. */
export type TemplatePiece =
  | { readonly text: string; readonly at: number }
  | { readonly name: string; readonly at: number }
  /** Left out when one of its values is missing. */
  | { readonly pieces: readonly TemplatePiece[]; readonly at: number };

/** Why a body cannot be read, and where: the index of a UTF-16 unit. */
export class TemplateSyntaxError extends Error {
  constructor(
    readonly problem: 'unclosed' | 'unopened' | 'nested' | 'bad-name',
    readonly at: number,
  ) {
    super(`template: ${problem} at ${at}`);
  }
}

const NAME = /^[a-z][a-z-]*$/;

/**
 * Reads a body: `{name}` stands for a value, `[ ]` around words and values for a piece that is left out when one of its
 * values is missing. Brackets and braces cost two septets each in an SMS, so that no text misses them.
 *
 * @throws {TemplateSyntaxError} an unclosed or unopened bracket, a piece in a piece, a name that is none
 * @example parseTemplate('Tk {amount}.[ Ref {reference}]').length // 4
 */
export function parseTemplate(body: string): readonly TemplatePiece[] {
  const whole: TemplatePiece[] = [];
  let into: TemplatePiece[] = whole;
  let opened = -1;
  for (const { 0: token, index: at } of body.matchAll(/\{[^{}[\]]*\}|[{}[\]]|[^{}[\]]+/g)) {
    if (token === '[') {
      if (opened >= 0) throw new TemplateSyntaxError('nested', at);
      opened = at;
      into = [];
    } else if (token === ']') {
      if (opened < 0) throw new TemplateSyntaxError('unopened', at);
      whole.push({ pieces: into, at: opened });
      [into, opened] = [whole, -1];
    } else if (token === '{') throw new TemplateSyntaxError('unclosed', at);
    else if (token === '}') throw new TemplateSyntaxError('unopened', at);
    else if (token.startsWith('{')) {
      const name = token.slice(1, -1);
      if (!NAME.test(name)) throw new TemplateSyntaxError('bad-name', at);
      into.push({ name, at });
    } else into.push({ text: token, at });
  }
  if (opened >= 0) throw new TemplateSyntaxError('unclosed', opened);
  return whole;
}

/** The values that a body asks for, each once, in order. @example placeholdersIn(parseTemplate('{a}[ {b}]')) // ['a', 'b'] */
export function placeholdersIn(pieces: readonly TemplatePiece[]): string[] {
  const names = pieces.flatMap((piece) => {
    if ('pieces' in piece) return placeholdersIn(piece.pieces);
    return 'name' in piece ? [piece.name] : [];
  });
  return [...new Set(names)];
}
