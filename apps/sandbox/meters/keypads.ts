/** A keypad holds no more than a token; what is typed beyond it pushes nothing out. */
const TYPED_MAX = 20;

/** What a meter's keypad holds and its display shows. */
export interface Keypad {
  readonly typed: string;
  /** Of the last Enter; undefined: nothing yet, or something is being typed. */
  readonly shown?: { readonly display: string; readonly bn: string; readonly en: string; readonly good: boolean };
}

/** The keypads of several meters, each with its own half-typed token. They forget it when the sandbox ends. */
export class Keypads {
  private readonly pads = new Map<string, Keypad>();

  of(pan: string): Keypad {
    return this.pads.get(pan) ?? { typed: '' };
  }

  /** The field of a page says what is typed: it may have been typed by a keyboard. @returns what stands there now */
  press(pan: string, field: string, key: string): string {
    const typed = key === 'delete' ? field.slice(0, -1) : (field + key).slice(0, TYPED_MAX);
    this.pads.set(pan, { typed });
    return typed;
  }

  show(pan: string, shown: NonNullable<Keypad['shown']>): void {
    this.pads.set(pan, { typed: '', shown });
  }
}
