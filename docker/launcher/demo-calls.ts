import { z } from 'zod';

/** The demo found something that should not be: which step, and what it saw. */
export class DemoFailed extends Error {
  override readonly name = 'DemoFailed';

  constructor(
    readonly step: string,
    message: string,
    /** The stable code of the refusal, when the server refused. */
    readonly code?: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

const both = z.object({ en: z.string(), bn: z.string() });
const money = z.object({ value: z.string(), currency: z.string() });

const quoteLines = z.array(z.object({ code: z.string(), amount: z.string(), label: both, why: both }));

const energy = z.object({ kwh: z.string(), estimated: z.boolean() });
const credit = z.object({ value: z.string() }).nullable();

/** What both the counter's quote and mobile money's inquiry answer. */
export const quote = z.object({
  quoteId: z.string(),
  meterNo: z.string(),
  customerName: z.string(),
  amount: money,
  energy,
  credit,
  lines: quoteLines,
});
export type Quote = z.output<typeof quote>;

const tokens = z.array(
  z.object({
    digits: z.string().regex(/^\d{20}$/),
    credited: z.object({ amount: z.string(), unit: z.string() }).nullable(),
  }),
);

/** What both a counter's recharge and mobile money's payment answer. */
export const vend = z.object({
  status: z.string(),
  receiptNo: z.string(),
  meterNo: z.string(),
  amount: money,
  energy,
  credit,
  tokens,
});
export type Vend = z.output<typeof vend>;

export const session = z.object({ accessToken: z.string(), user: z.object({ name: z.string() }) });
export const meters = z.object({ items: z.array(z.object({ meterNo: z.string(), customerName: z.string() })) });

/** The sandbox's side of the demo. */
export const messages = z.object({ messages: z.array(z.object({ id: z.number(), text: z.string() })) });
export const meterAnswer = z.object({
  result: z.string(),
  credited: z.object({ amount: z.string(), unit: z.string() }).nullish(),
  display: z.string(),
});
export type MeterAnswer = z.output<typeof meterAnswer>;
export const paymentStory = z.object({
  transactionId: z.string(),
  outcome: z.string(),
  answersAgree: z.boolean(),
  answer: z.unknown(),
  steps: z.array(z.object({ step: z.string(), seen: z.string(), answer: z.unknown().optional() })),
});

const problem = z.looseObject({ code: z.string(), title: z.string().optional() });

/**
 * One HTTP call of the demo, its answer checked against what the demo relies on.
 *
 * @throws DemoFailed when there is no answer, a refusal, or an answer of another shape
 */
export async function call<Shape extends z.ZodType>(
  step: string,
  url: string,
  body: unknown,
  shape: Shape,
  headers: Record<string, string> = {},
): Promise<z.output<Shape>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    text = await response.text();
  } catch (error) {
    throw new DemoFailed(step, `no answer from ${new URL(url).origin}: ${(error as Error).message}`);
  }
  const answer = parseJson(text);
  if (!response.ok) {
    const refusal = problem.safeParse(answer).data;
    const what = refusal ? `${refusal.code}: ${refusal.title ?? ''}` : text.slice(0, 200);
    throw new DemoFailed(step, `HTTP ${response.status} ${what}`, refusal?.code, refusal ?? {});
  }
  return expectShape(step, answer, shape);
}

/** @throws DemoFailed when a value is not what the demo relies on */
export function expectShape<Shape extends z.ZodType>(step: string, value: unknown, shape: Shape): z.output<Shape> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new DemoFailed(step, `unexpected answer (${faults.join('; ')})`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
