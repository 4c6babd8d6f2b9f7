import type { Meter, Person, Quote, Recharge } from '../shared/answers';

/** A recharge that the till has sent, or is about to: written down before it is sent. No token, name or phone is in it. */
export interface Sale {
  /** The id that the server knows it by: made here, once. */
  readonly key: string;
  readonly quoteId: string;
  readonly meterNo: string;
  /** Taka, a decimal string. */
  readonly amount: string;
  /** What the customer handed over; '' where the clerk did not say. */
  readonly cash: string;
  /** Whose till sent it: elsewhere the server has nothing under its id, and would vend it anew. */
  readonly station: string;
  /** Who took the cash. */
  readonly clerk: string;
  /** When it was last sent, ms since 1970. */
  readonly sentAt: number;
}

/** Where the clerk stands with the customer at the window. */
export type Stage =
  | { readonly at: 'find'; readonly choices: readonly Meter[] }
  | { readonly at: 'amount'; readonly meter: Meter }
  | { readonly at: 'quote'; readonly meter: Meter; readonly quote: Quote }
  | { readonly at: 'confirm'; readonly meter: Meter; readonly quote: Quote; readonly cash: string }
  | { readonly at: 'sending'; readonly sale: Sale; readonly meter?: Meter }
  | { readonly at: 'checking'; readonly sale: Sale }
  | { readonly at: 'absent'; readonly sale: Sale }
  /** `key`: of the sale that was just made here; without it an older receipt was opened. */
  | { readonly at: 'sold'; readonly recharge: Recharge; readonly cash: string; readonly key?: string };

export type StageName = Stage['at'];

/** What happens to a till. */
export type TillEvent =
  | { readonly is: 'found'; readonly meters: readonly Meter[] }
  | { readonly is: 'chosen'; readonly meter: Meter }
  | { readonly is: 'quoted'; readonly quote: Quote }
  /** The quote looks like a recharge sold a moment ago. */
  | { readonly is: 'doubted'; readonly cash: string }
  | { readonly is: 'sent'; readonly sale: Sale }
  | { readonly is: 'answered'; readonly recharge: Recharge }
  /** Refused: the server says that nothing was charged. */
  | { readonly is: 'refused' }
  /** No answer came: nobody knows. `sentAt`: when the last call left, ms since 1970. */
  | { readonly is: 'lost'; readonly sentAt: number }
  /** The server has nothing under this id. */
  | { readonly is: 'missing' }
  | { readonly is: 'back' }
  | { readonly is: 'next' }
  | { readonly is: 'opened'; readonly recharge: Recharge };

const START: Stage = { at: 'find', choices: [] };

type Moves = {
  readonly [Name in StageName]: {
    readonly [Is in TillEvent['is']]?: (
      stage: Extract<Stage, { at: Name }>,
      event: Extract<TillEvent, { is: Is }>,
    ) => Stage;
  };
};

const choose = (meter: Meter): Stage => ({ at: 'amount', meter });
const toChecking = ({ sale }: { readonly sale: Sale }, { sentAt }: { readonly sentAt: number }): Stage => ({
  at: 'checking',
  sale: { ...sale, sentAt },
});
const toSold = ({ sale }: { readonly sale: Sale }, { recharge }: { readonly recharge: Recharge }): Stage => ({
  at: 'sold',
  recharge,
  cash: sale.cash,
  key: sale.key,
});
const toSending = (stage: Stage, { sale }: { readonly sale: Sale }): Stage => ({
  at: 'sending',
  sale,
  ...('meter' in stage && { meter: stage.meter }),
});

/**
 * The whole life of a sale at the till, as a table. What is sent is either answered, refused or looked for by its own id:
 * no way leads from `sending` or `checking` to a new sale without the server's word, and none makes a second id for it.
 */
const MOVES: Moves = {
  find: {
    found: (_stage, { meters }) => (meters.length === 1 ? choose(meters[0]!) : { at: 'find', choices: meters }),
    chosen: (_stage, { meter }) => choose(meter),
    opened: (_stage, { recharge }) => ({ at: 'sold', recharge, cash: '' }),
    back: () => START,
    next: () => START,
  },
  amount: {
    // A late answer may be about the customer before.
    quoted: (stage, { quote }) =>
      quote.meterNo === stage.meter.meterNo ? { at: 'quote', meter: stage.meter, quote } : stage,
    back: () => START,
    next: () => START,
  },
  quote: {
    doubted: ({ meter, quote }, { cash }) => ({ at: 'confirm', meter, quote, cash }),
    sent: toSending,
    back: ({ meter }) => choose(meter),
    next: () => START,
  },
  confirm: {
    sent: toSending,
    back: ({ meter, quote }) => ({ at: 'quote', meter, quote }),
    next: () => START,
  },
  // The same customer still stands there: by another amount, or by a new quote, it may go.
  sending: { answered: toSold, refused: ({ meter }) => (meter ? choose(meter) : START), lost: toChecking },
  checking: { answered: toSold, missing: ({ sale }) => ({ at: 'absent', sale }) },
  absent: { sent: toSending, refused: () => START, answered: toSold },
  sold: {
    next: () => START,
    // A copy of what is open here; a late one of something else is not.
    answered: (stage, { recharge }) =>
      recharge.rechargeId === stage.recharge.rechargeId ? { ...stage, recharge } : stage,
  },
};

/** Whether an event moves a till that stands here. @example mayMove('checking', 'next') // false */
export function mayMove(name: StageName, is: TillEvent['is']): boolean {
  return MOVES[name][is] !== undefined;
}

/** The stage after an event; an event that has no place here changes nothing (a key pressed twice, a late answer). */
export function move(stage: Stage, event: TillEvent): Stage {
  const step = MOVES[stage.at][event.is] as ((stage: Stage, event: TillEvent) => Stage) | undefined;
  return step ? step(stage, event) : stage;
}

/** Where a till begins: with what it had sent before it was reloaded or died, if anything. */
export function firstStage(kept: Sale | undefined): Stage {
  return kept ? { at: 'checking', sale: kept } : START;
}

/** Whether a sale may be sent once more: by who took its cash, at the till that sent it. */
export function maySendAgain(sale: Sale, { station, username }: Pick<Person, 'station' | 'username'>): boolean {
  return sale.station === station && sale.clerk === username;
}

/** A call may be on its way for so long, and be vended after the server said that it knew nothing. */
export const SETTLED_MS = 30_000;

/** Whether an id that the server does not know may be dropped: no call under it can still arrive. */
export function maySettle({ sentAt }: Sale, now: number): boolean {
  return now - sentAt >= SETTLED_MS;
}
