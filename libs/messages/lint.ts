import type { Language } from '@vend/receipts';
import { strayCharacters, type StrayCharacter } from './characters';
import { TEMPLATES, type TemplateCode } from './codes';
import { renderSms, type RenderedSms } from './render';
import { sampleTokens, sampleValues } from './samples';
import { parseTemplate, placeholdersIn, TemplateSyntaxError, type TemplatePiece } from './template';

/** Gateways take no longer text (CHANNELS.md S6). */
const TEXT_MAX_UNITS = 1000;

/** What is wrong with a text, or dearer than it need be. An error keeps it from being saved; a warning asks to look. */
export type TemplateFinding = { readonly language: Language } & (
  | { readonly rule: 'empty' | 'tokens-not-first' | 'too-long'; readonly severity: 'error' }
  | { readonly rule: 'brackets'; readonly severity: 'error'; readonly at: number }
  | { readonly rule: 'placeholder-unknown'; readonly severity: 'error'; readonly at: number; readonly name: string }
  | { readonly rule: 'placeholder-missing'; readonly severity: 'error'; readonly name: string }
  | ({ readonly rule: 'stray-character'; readonly severity: 'warning' } & StrayCharacter)
);

/** What a text becomes, with values that are made up. */
export interface TemplatePreview {
  readonly language: Language;
  /** undefined: it has errors. */
  readonly rendered: RenderedSms | undefined;
  readonly findings: readonly TemplateFinding[];
}

/**
 * A text as it would leave, with invented values and tokens, and everything that is to be said about it before it is
 * saved: what its code must hold and does not, and each character that makes it dearer, by place and name.
 *
 * @param partPaisa what the gateway takes for one part
 * @example previewTemplate('pending', 'en', 'Tk {amount} – wait, meter {meter}', 45n).findings[0]?.rule // 'stray-character'
 */
export function previewTemplate(
  code: TemplateCode,
  language: Language,
  body: string,
  partPaisa?: bigint,
): TemplatePreview {
  const findings = faultsOf(code, language, body);
  if (findings.length > 0) return { language, rendered: undefined, findings };
  const { required } = TEMPLATES[code];
  const tokens = required.includes('tokens') ? sampleTokens(1) : [];
  const template = { code, version: 0, language, body };
  const rendered = renderSms(template, sampleValues(code, language), { tokens, partPaisa });
  if (rendered.text.length > TEXT_MAX_UNITS) {
    return { language, rendered: undefined, findings: [{ language, rule: 'too-long', severity: 'error' }] };
  }
  return { language, rendered, findings: straysOf(body, rendered, language) };
}

/** Places are those of the body, where the officer looks; parts are those of the whole text. */
function straysOf(body: string, { text }: RenderedSms, language: Language): TemplateFinding[] {
  const [whole] = strayCharacters(text, language);
  return strayCharacters(body, language).map((stray) => ({
    ...{ language, rule: 'stray-character' as const, severity: 'warning' as const },
    ...stray,
    ...(whole && { parts: whole.parts, partsWithout: whole.partsWithout }),
  }));
}

function faultsOf(code: TemplateCode, language: Language, body: string): TemplateFinding[] {
  const severity = 'error' as const;
  if (body.trim() === '') return [{ language, rule: 'empty', severity }];
  let pieces: readonly TemplatePiece[];
  try {
    pieces = parseTemplate(body);
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    return [{ language, rule: 'brackets', severity, at: error.at }];
  }
  const { required, optional } = TEMPLATES[code];
  const names = placeholdersIn(pieces);
  const unknown = names.filter((name) => !required.includes(name) && !optional.includes(name));
  const missing = required.filter((name) => !names.includes(name));
  const isLate = required.includes('tokens') && missing.length === 0 && !opensWithTokens(pieces);
  return [
    ...unknown.map((name) => ({
      ...{ language, rule: 'placeholder-unknown' as const, severity, name },
      at: body.indexOf(`{${name}}`),
    })),
    ...missing.map((name) => ({ language, rule: 'placeholder-missing' as const, severity, name })),
    ...(isLate || body.split('{tokens}').length > 2 ? [{ language, rule: 'tokens-not-first' as const, severity }] : []),
  ];
}

/** Before the tokens there may be nothing: they are what a phone's first line shows. */
function opensWithTokens([first]: readonly TemplatePiece[]): boolean {
  if (first === undefined || 'text' in first) return false;
  if ('pieces' in first) return opensWithTokens(first.pieces);
  return first.name === 'tokens';
}
