import type { MeterError } from './meter-errors';

/** Where somebody is with the tokens of a receipt, one at a time. */
export interface Stepper {
  /** Index of the token in hand; `count` when all are in. */
  readonly at: number;
  readonly count: number;
  readonly phase: 'typing' | 'choosing' | 'told';
  readonly error: MeterError | null;
}

export type StepperMove =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'chose'; readonly error: MeterError }
  | { readonly kind: 'again' }
  | { readonly kind: 'next' }
  | { readonly kind: 'previous' };

/**
 * Takes up where the customer stopped. @param done how many tokens the meter has taken
 *
 * @example resumed(3, 1) // { at: 1, count: 3, phase: 'typing', error: null }
 */
export function resumed(count: number, done: number): Stepper {
  return { at: Math.min(Math.max(0, Math.trunc(done)), count), count, phase: 'typing', error: null };
}

/** What comes of a press. One that has no place in the present phase changes nothing: a button pressed twice is one press. */
export function moved(stepper: Stepper, move: StepperMove): Stepper {
  const { at, count, phase } = stepper;
  const typing = (place: number): Stepper => ({ at: place, count, phase: 'typing', error: null });
  const inHand = at < count;
  switch (move.kind) {
    case 'accepted':
      return inHand && phase === 'typing' ? typing(at + 1) : stepper;
    case 'refused':
      return inHand && phase === 'typing' ? { ...stepper, phase: 'choosing' } : stepper;
    case 'chose':
      return phase === 'choosing' ? { ...stepper, phase: 'told', error: move.error } : stepper;
    case 'again':
      return phase === 'typing' ? stepper : typing(at);
    case 'next':
      return phase === 'told' && stepper.error?.then === 'next' ? typing(at + 1) : stepper;
    case 'previous':
      return phase === 'typing' && at > 0 ? typing(at - 1) : stepper;
  }
}
