/** What the storm will do, all of it from one seed: who pays what through whom, what goes wrong, and who is struck when. */
import { meterNumber } from '@vend/meters';
import { chance } from '../../apps/sandbox/providers/provider-faults';
import type { InstalledMeter } from '../support/installed-meters';
import type { Part } from '../support/system';

/** A company that the sandbox plays. */
export interface StormCompany {
  readonly code: string;
  readonly profile: string;
  /** The faults of its contract. */
  readonly playable: readonly string[];
}

/** The way in which a payment reaches us. */
export type Channel = 'signed pay' | 'signed callback' | 'biller' | 'checkout';

/** What is wrong with a payment, beside what its company plays by chance. */
export type Twist =
  | 'none'
  | 'unknown-meter'
  | 'too-little'
  | 'answer-lost'
  | 'repeated'
  | 'in-parallel'
  | 'status-first'
  | 'other-amount'
  | 'payer-fails'
  | 'payer-cancels'
  | 'payer-leaves';

export interface PlannedPayment {
  readonly no: number;
  readonly company: StormCompany;
  readonly channel: Channel;
  readonly reference: string;
  /** Taka. */
  readonly amount: string;
  readonly twist: Twist;
}

/** A part of ours that is struck when so many payments have been begun. */
export interface Blow {
  readonly atPayment: number;
  readonly part: Part;
  /** kill: SIGKILL, and started again. pause: SIGSTOP, and woken. */
  readonly kind: 'kill' | 'pause';
}

/** How often each twist, in a thousand; the rest is none. */
const TWISTS: Readonly<Record<Channel, Readonly<Partial<Record<Twist, number>>>>> = {
  'signed pay': {
    'unknown-meter': 20,
    'too-little': 20,
    'answer-lost': 60,
    repeated: 50,
    'in-parallel': 40,
    'status-first': 30,
    'other-amount': 15,
  },
  'signed callback': { 'unknown-meter': 100, 'too-little': 60, repeated: 60, 'in-parallel': 40 },
  biller: { 'unknown-meter': 20, 'too-little': 20 },
  checkout: { 'payer-fails': 30, 'payer-cancels': 30, 'payer-leaves': 30 },
};

/** No meter has this number, and its check digits are right. */
const UNKNOWN_REFERENCE = meterNumber('98', '99999999').pan;
const LEAST_TAKA = 200;

/** Two calls with one seed, the same companies and the same meters are the same plan. */
export function plannedPayments(
  seed: number,
  count: number,
  companies: readonly StormCompany[],
  meters: readonly InstalledMeter[],
): PlannedPayment[] {
  const ways = companies.flatMap(waysOf);
  return Array.from({ length: count }, (_, no) => {
    const dice = (what: string): number => chance(`${seed}/${no}/${what}`);
    const [company, channel] = ways[no % ways.length]!;
    const twist = twistOf(channel, dice('twist'));
    const meter = meters[Math.floor(dice('meter') * meters.length)]!;
    return {
      no,
      company,
      channel,
      twist,
      reference: twist === 'unknown-meter' ? UNKNOWN_REFERENCE : meter.meterNo,
      amount: twist === 'too-little' ? '1.00' : `${LEAST_TAKA + Math.floor(dice('amount') * 800)}.00`,
    };
  });
}

/** Each part in turn, evenly over the storm, each but the first of a round by lot; every eighth blow is a pause. */
export function plannedBlows(seed: number, payments: number, blows: number, parts: readonly Part[]): Blow[] {
  return Array.from({ length: blows }, (_, n) => ({
    atPayment: Math.floor(((n + 0.5) * payments) / blows),
    part: n < parts.length ? parts[n]! : parts[Math.floor(chance(`${seed}/blow/${n}`) * parts.length)]!,
    kind: n % (parts.length + 1) === parts.length ? 'pause' : 'kill',
  }));
}

function waysOf(company: StormCompany): [StormCompany, Channel][] {
  const { profile } = company;
  if (profile === 'signed-v1') {
    return [
      [company, 'signed pay'],
      [company, 'signed callback'],
    ];
  }
  // Its notices follow the payments of the companies it covers.
  if (profile === 'bkash-webhook-v1') return [];
  return [[company, CHECKOUT.includes(profile) ? 'checkout' : 'biller']];
}

/** Contracts of gateways that the payer is sent to. */
export const CHECKOUT: readonly string[] = ['bkash-checkout-v1', 'nagad-checkout-v1', 'sslcommerz-v4'];

function twistOf(channel: Channel, lot: number): Twist {
  let below = 0;
  for (const [twist, perThousand] of Object.entries(TWISTS[channel])) {
    below += perThousand / 1_000;
    if (lot < below) return twist as Twist;
  }
  return 'none';
}
