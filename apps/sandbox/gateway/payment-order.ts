import { z } from 'zod';

const faults = z.strictObject({
  /** Sends the pay call this many times more, with the same transaction id and the same bytes. */
  repeat: z.number().int().min(0).max(200).default(0),
  /** The copies leave together, while the first is still running. */
  parallel: z.boolean().default(false),
  /** The first pay call arrives and is answered, but the provider never sees the answer. */
  loseFirstAnswer: z.boolean().default(false),
  /** How long the provider waits for each answer before it repeats. */
  timeoutMs: z.number().int().min(1).max(60_000).default(10_000),
  /** Asks for the status before paying. */
  statusFirst: z.boolean().default(false),
  /** Pays by reference and amount, without having asked for a quote. */
  skipInquiry: z.boolean().default(false),
  /** Pays another amount than the one asked about, by reference. */
  payAmount: z.string().max(40).optional(),
  clockSkewSeconds: z.number().int().min(-86_400).max(86_400).default(0),
  spoilSignature: z.boolean().default(false),
});

const transactionId = z.string().min(1).max(64);
const common = {
  provider: z.string().min(1).max(64),
  /** Meter number, DRN or customer number, as the payer typed it. */
  reference: z.string().max(64),
  /** Taka as the payer typed it; passed on as it is, so that bad ones can be tried. */
  amount: z.string().max(40),
  payerMobile: z.string().max(20).optional(),
};

export const paymentOrder = z.strictObject({
  ...common,
  transactionId: transactionId.optional(),
  faults: faults.prefault({}),
});
export type PaymentOrder = Readonly<z.output<typeof paymentOrder>>;

export const statusQuestion = z.strictObject({ provider: common.provider, transactionId });
export type StatusQuestion = Readonly<z.output<typeof statusQuestion>>;

export const callbackOrder = z.strictObject({
  ...common,
  transactionId: transactionId.optional(),
  eventId: z.string().min(1).max(64).optional(),
  /** How often the same callback is delivered. */
  times: z.number().int().min(1).max(200).default(1),
  parallel: z.boolean().default(false),
  clockSkewSeconds: faults.shape.clockSkewSeconds,
  spoilSignature: faults.shape.spoilSignature,
});
export type CallbackOrder = Readonly<z.output<typeof callbackOrder>>;
