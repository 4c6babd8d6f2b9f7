import { z } from 'zod';

const port = z.number().int().min(1).max(65_535);
const perSecond = z.number().int().min(1).max(10_000);

/** What an operator's message centre needs to be told; the password is sealed apart. Field by field: `SmppLinkOptions`. */
const smppLink = z.strictObject({
  host: z.string().min(1).max(253),
  port,
  systemId: z.string().min(1).max(15),
  source: z.string().min(1).max(20),
  systemType: z.string().max(12).optional(),
  smsc: z.string().min(1).max(64).optional(),
  bindAs: z.enum(['transceiver', 'transmitter', 'receiver']).optional(),
  binds: z.number().int().min(1).max(16).optional(),
  windowSize: z.number().int().min(1).max(1_000).optional(),
  maxPerSecond: perSecond.optional(),
  responseTimeoutMs: z.number().int().min(100).max(60_000).optional(),
  enquireLinkMs: z.number().int().min(1_000).max(300_000).optional(),
  join: z.enum(['udh-8', 'udh-16', 'payload']).optional(),
  defaultAlphabet: z.enum(['unpacked', 'packed']).optional(),
  responseIdForm: z.enum(['text', 'decimal', 'hex']).optional(),
  receiptIdForm: z.enum(['text', 'decimal', 'hex']).optional(),
  sendsReference: z.boolean().optional(),
  validityS: z.number().int().min(60).max(604_800).optional(),
});

/** The profiles that a gateway's row may name, and what each needs beside its secret. */
export const GATEWAY_PROFILES = {
  'sms-http-v3': z.strictObject({
    baseUrl: z.url({ protocol: /^https?$/ }).max(300),
    sid: z.string().min(1).max(20),
    timeoutMs: z.number().int().min(100).max(60_000).optional(),
    connections: z.number().int().min(1).max(64).optional(),
  }),
  'smpp-v34': smppLink,
} as const;

export type GatewayProfile = keyof typeof GATEWAY_PROFILES;

const prefix = z.string().regex(/^8801[3-9]\d{0,8}$/, 'the beginning of a Bangladeshi mobile number: 88017');
const share = z.number().gt(0).max(1);

/** What is common to every gateway. */
export const GATEWAY_TERMS = z.strictObject({
  prefixes: z.array(prefix).max(50),
  costPaisa: z.number().int().min(0).max(100_000),
  priority: z.number().int().min(0).max(1_000),
  maxPerSecond: perSecond.nullable(),
  shares: z
    .strictObject({
      'one-time-code': share.optional(),
      pending: share.optional(),
      reminder: share.optional(),
      notice: share.optional(),
    })
    .optional(),
  enabled: z.boolean(),
});

export type GatewayTerms = z.output<typeof GATEWAY_TERMS>;
export type GatewaySettings =
  | { readonly profile: 'sms-http-v3'; readonly settings: z.output<(typeof GATEWAY_PROFILES)['sms-http-v3']> }
  | { readonly profile: 'smpp-v34'; readonly settings: z.output<(typeof GATEWAY_PROFILES)['smpp-v34']> };

/** Checks what was written for a profile. @throws {z.ZodError} naming every fault, no value among them a secret */
export function parseGateway(profile: GatewayProfile, settings: unknown): GatewaySettings {
  return { profile, settings: GATEWAY_PROFILES[profile].parse(settings) } as GatewaySettings;
}

/** A gateway as its row tells it. */
export type GatewayRecord = GatewaySettings &
  GatewayTerms & {
    readonly code: string;
    readonly version: number;
    readonly changedBy: string;
    readonly changedAt: Date;
  };
