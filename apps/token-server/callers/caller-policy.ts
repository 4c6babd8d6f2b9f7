import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a role makes possible; the list of methods of a caller can only narrow it. */
const METHODS_OF_ROLE = {
  issuer: ['IssueCredit', 'IssueManagement', 'BulkIssue', 'FetchResult', 'Verify', 'GetStatus'],
  'key-manager': ['IssueKeyChange', 'BulkIssue', 'FetchResult', 'Verify', 'GetStatus'],
  auditor: ['ReadAuditLog', 'GetStatus'],
} as const;

const METHODS = [
  'IssueCredit',
  'IssueManagement',
  'IssueKeyChange',
  'BulkIssue',
  'FetchResult',
  'Verify',
  'ReadAuditLog',
  'GetStatus',
] as const;
export type Method = (typeof METHODS)[number];

const units = z
  .string()
  .regex(/^\d{1,18}$/, 'a whole number as a string')
  .transform((text) => BigInt(text));
const credit = z.strictObject({ perRequest: units, perDay: units });

const caller = z
  .strictObject({
    roles: z.array(z.enum(['issuer', 'key-manager', 'auditor'])).min(1),
    methods: z.array(z.enum(METHODS)).min(1),
    /** `*`, or the supply group codes this caller may have tokens made for. */
    supplyGroups: z.union([z.literal('*'), z.array(z.string().regex(/^\d{6}$/))]).default([]),
    managementKinds: z
      .array(z.enum(['max-power-limit', 'clear-credit', 'clear-tamper', 'phase-unbalance-limit', 'test-display']))
      .default([]),
    /** Subclass 0, in tenths of a kWh; without it none may be issued. */
    energyTenthsKwh: credit.optional(),
    /** Subclass 4, in hundred-thousandths of a Taka; without it none may be issued. */
    currencyHundredThousandths: credit.optional(),
    /** Tokens and key-change sets of all kinds a day. */
    requestsPerDay: z.number().int().min(0).default(0),
  })
  .superRefine(({ roles, methods }, context) => {
    for (const method of methods) {
      if (roles.some((role) => (METHODS_OF_ROLE[role] as readonly string[]).includes(method))) continue;
      context.addIssue({ code: 'custom', path: ['methods'], message: `no role of this caller covers ${method}` });
    }
  });

const policy = z.strictObject({ version: z.literal(1), callers: z.record(z.string().min(1).max(64), caller) });

/** What one caller, known by the common name in its certificate, may do. */
export interface CallerRules extends z.output<typeof caller> {
  readonly name: string;
}

/** Who may ask for what. Whoever is not in it may do nothing. */
export type CallerPolicy = ReadonlyMap<string, CallerRules>;

/** The file is not what it should be; the message names every fault. */
export class CallerPolicyError extends Error {
  override readonly name = 'CallerPolicyError';
}

/**
 * Reads the list of callers.
 *
 * @param path of a JSON file (docs/TOKEN-SERVER.md), or null: nobody may do anything
 * @throws {CallerPolicyError} naming every fault at once
 * @example readCallerPolicy('/etc/vend/callers.json').get('api')?.requestsPerDay
 */
export function readCallerPolicy(path: string | null): CallerPolicy {
  if (path === null) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? 'is not JSON' : `cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new CallerPolicyError(`the list of callers ${reason}`);
  }
  const parsed = policy.safeParse(content);
  if (!parsed.success) {
    throw new CallerPolicyError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  }
  return new Map(Object.entries(parsed.data.callers).map(([name, rules]) => [name, { name, ...rules }]));
}
