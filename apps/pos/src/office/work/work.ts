import type { Call } from '../../shared/api';
import type { Text } from '../../shared/words';
import type { Fee } from './answers';

/** What a person typed or chose, by the field's name; '' where nothing was. */
export type WorkValues = Readonly<Record<string, string>>;

interface FieldBase {
  /** As the API names it. */
  readonly name: string;
  readonly label: Text;
  readonly hint?: Text;
  readonly optional?: boolean;
  /** Asked for only then. */
  readonly when?: (values: WorkValues) => boolean;
  /** It only decides what else is asked. */
  readonly unsent?: boolean;
}

/** A field of a form. */
export type WorkField =
  | (FieldBase & {
      /** `taka`, `decimal` and `count` are read in Bangla digits too; `count` goes out as a number. */
      readonly kind: 'words' | 'line' | 'code' | 'taka' | 'decimal' | 'count' | 'day' | 'phone';
      readonly initially?: string;
    })
  | (FieldBase & { readonly kind: 'choice'; readonly options: readonly WorkOption[]; readonly asNumber?: boolean })
  | (FieldBase & { readonly kind: 'yes-no' });

interface WorkOption {
  readonly value: string;
  readonly label: Text;
}

/** What is known when a form is filled in. */
export interface WorkFacts {
  /** The number of the meter, the customer or the case. */
  readonly about: string;
  /** Of a row: a vend, a penalty, a person. */
  readonly part: string;
  /** For the work that needs them; else none. */
  readonly fees: readonly Fee[];
}

/** Something that staff does to a meter or a customer, beside selling: what to ask for, and whom to call. */
export interface Work {
  /** In the address. */
  readonly name: string;
  readonly title: Text;
  /** What will happen, said before it does. */
  readonly about: Text;
  /** Of libs/identity/permissions.ts. */
  readonly permission: string;
  readonly fields: readonly WorkField[];
  readonly needsFees?: boolean;
  /** A second person must agree. */
  readonly second?: boolean;
  /** What is sent beside what was typed. */
  readonly also?: (values: WorkValues, facts: WorkFacts) => object;
  readonly path: (facts: WorkFacts) => Call['path'];
  /** Done once for a key that is kept; without it the same again changes nothing, and nothing is kept. */
  readonly once: boolean;
  /** Names and phones are not written down in a browser. */
  readonly personal?: boolean;
  readonly method?: 'PATCH';
  /** What the customer hands over, Taka. */
  readonly cash?: (values: WorkValues, facts: WorkFacts) => string | undefined;
}

/** The fields that count for what was chosen so far. */
export function shownFields({ fields }: Pick<Work, 'fields'>, values: WorkValues): readonly WorkField[] {
  return fields.filter(({ when }) => when?.(values) ?? true);
}

/**
 * The body of a call from what was typed: what is empty is left out, numbers go as numbers.
 *
 * @example bodyOf({ fields: [{ name: 'watts', kind: 'count', … }] }, { watts: '5000' }) // { watts: 5000 }
 */
export function bodyOf(work: Pick<Work, 'fields'>, values: WorkValues): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of shownFields(work, values)) {
    const value = (values[field.name] ?? '').trim();
    if (field.unsent) continue;
    if (field.kind === 'yes-no') body[field.name] = value === 'yes';
    else if (value !== '') {
      const isNumber = field.kind === 'count' || (field.kind === 'choice' && field.asNumber);
      body[field.name] = isNumber ? Number(value) : value;
    }
  }
  return body;
}

/** What each work starts with. */
export function firstValues({ fields }: Pick<Work, 'fields'>): WorkValues {
  return Object.fromEntries(
    fields.map((field) => {
      const first = field.kind === 'choice' ? (field.optional ? '' : (field.options[0]?.value ?? '')) : '';
      return [field.name, 'initially' in field ? (field.initially ?? '') : first];
    }),
  );
}
