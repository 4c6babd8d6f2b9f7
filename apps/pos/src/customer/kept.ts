import type { Exit } from '../shared/leaving';
import type { OwnReceipt, OwnTokens } from './own-answers';

/**
 * What a browser keeps, and no longer than somebody is in: tokens that were opened, in this tab alone (sessionStorage), so
 * that they can be typed without a network; and where somebody is with them. On a shared phone the next person finds
 * nothing after "leave", after the session's end, or in another tab (docs/adr/0043).
 */
interface Kept {
  /** When the session ends, RFC 3339: what is kept is no good after it. */
  readonly expiresAt: string;
  readonly opened: readonly OpenedTokens[];
  /** What the customer last set out to pay. */
  readonly payment?: Payment;
}

/** A payment is written down before it is sent: its key makes a second try the same order. */
export interface Payment {
  readonly key: string;
  readonly meterNo: string;
  readonly amount: string;
  readonly gateway: string;
  /** Once the server has answered. */
  readonly orderNo?: string;
}

/** A receipt with its tokens, and how many of them the meter has taken. */
export interface OpenedTokens extends OwnTokens {
  readonly receipt: Pick<OwnReceipt, 'rechargeId' | 'receiptNo' | 'meterNo'>;
  readonly done: number;
}

/** How many tokens of each receipt the meter has taken. Not in the tab alone: cheap phones close tabs to save memory. */
type Done = Readonly<Record<string, number>>;
const DONE_KEY = 'vend.my.done';

const KEY = 'vend.my';

/** The way out of this page. */
export const EXIT: Exit = {
  kept: 'vend.my.leaving',
  path: '/v1/my/sessions/logout',
  over: ['own-session-missing'],
};

function read(): Kept | undefined {
  const text = sessionStorage.getItem(KEY);
  if (text === null) return undefined;
  const kept = JSON.parse(text) as Kept;
  if (Date.parse(kept.expiresAt) > Date.now()) return kept;
  forgetAll();
  return undefined;
}

function write(kept: Kept): void {
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}

/** Somebody has come in. */
export function beginKeeping(expiresAt: string): void {
  write({ expiresAt, opened: [] });
}

/** Whether somebody came in with this tab and has not left. */
export function isKeeping(): boolean {
  return read() !== undefined;
}

export function openedTokens(): readonly OpenedTokens[] {
  return read()?.opened ?? [];
}

function allDone(): Done {
  return JSON.parse(localStorage.getItem(DONE_KEY) ?? '{}') as Done;
}

/** How far this browser has got with the tokens of a receipt. */
export function doneWith(rechargeId: string): number {
  return allDone()[rechargeId] ?? 0;
}

/** Keeps the tokens of a receipt, or how far somebody has got with them. */
export function keepTokens(tokens: OpenedTokens): void {
  const kept = read();
  if (!kept) return;
  const others = kept.opened.filter(({ receipt }) => receipt.rechargeId !== tokens.receipt.rechargeId);
  write({ ...kept, opened: [...others, tokens] });
  localStorage.setItem(DONE_KEY, JSON.stringify({ ...allDone(), [tokens.receipt.rechargeId]: tokens.done }));
}

export function keptPayment(): Payment | undefined {
  return read()?.payment;
}

/** @param payment undefined: there is none any more */
export function keepPayment(payment: Payment | undefined): void {
  const kept = read();
  if (kept) write({ ...kept, payment });
}

/** Leaves nothing behind. */
export function forgetAll(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(DONE_KEY);
}
