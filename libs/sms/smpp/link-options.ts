import type { MessageIdForm } from './delivery-receipt';
import type { JoinMethod } from './segments';
import type { SmppSessionOptions } from './session';
import type { DefaultAlphabet } from './user-data';

/** One account at one SMSC, and what that SMSC expects. Everything without a default differs from operator to operator. */
export interface SmppLinkOptions {
  /** In logs and records: `teletalk-1`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  /** At most 8 characters. Secret. */
  readonly password: string;
  /** The sender: a brand of at most 11 Latin letters and digits, a short code, or a number in international form. */
  readonly source: string;

  /** Links to the same SMSC share its message ids: a receipt may come over any of them. Default: the link's name. */
  readonly smsc?: string;
  readonly systemType?: string;
  /** Default `transceiver`. A `transmitter` needs a second link, `receiver`, for receipts and customers' messages. */
  readonly bindAs?: SmppSessionOptions['bindAs'];
  /** Lower goes first; links of equal priority share. Default 0. */
  readonly priority?: number;
  /** Connections held at once, each with its own window. Default 1. */
  readonly binds?: number;
  /** Unanswered submits per connection. Default 10. */
  readonly windowSize?: number;
  /** What the account may send a second, all connections together. Default: as fast as the window lets it. */
  readonly maxPerSecond?: number;
  readonly bindTimeoutMs?: number; // 10 000
  readonly responseTimeoutMs?: number; // 10 000
  readonly enquireLinkMs?: number; // 30 000
  /** The first wait before a new connection; it doubles up to `reconnectMaxMs`, each time with jitter. */
  readonly reconnectMinMs?: number; // 500
  readonly reconnectMaxMs?: number; // 60 000
  /** The first wait after "slow down" (0x58, 0x14); it doubles up to `throttleMaxMs` while that goes on. */
  readonly throttleMinMs?: number; // 250
  readonly throttleMaxMs?: number; // 30 000

  /** How long messages are joined. Default `udh-8`. */
  readonly join?: JoinMethod;
  /** Default `unpacked`. */
  readonly defaultAlphabet?: DefaultAlphabet;
  /** The form of a message's id in submit_sm_resp, and in receipts. Default `text`: the same string in both. */
  readonly responseIdForm?: MessageIdForm;
  readonly receiptIdForm?: MessageIdForm;
  /** Send user_message_reference (0x0204); an SMSC that echoes it lets a receipt find a message whose answer was lost. */
  readonly sendsReference?: boolean;
  /** How long the SMSC tries: seconds, sent as a relative time. Default: the SMSC's own. */
  readonly validityS?: number;
}

/** The options with every default filled in. */
export type SmppLinkSettings = Required<Omit<SmppLinkOptions, 'maxPerSecond' | 'validityS'>> & {
  readonly maxPerSecond: number | undefined;
  readonly validityS: number | undefined;
};

/** @throws {RangeError} for a window, a rate or a number of connections that cannot be */
export function linkSettings(options: SmppLinkOptions): SmppLinkSettings {
  const settings = {
    smsc: options.name,
    systemType: '',
    bindAs: 'transceiver' as const,
    priority: 0,
    binds: 1,
    windowSize: 10,
    maxPerSecond: undefined,
    bindTimeoutMs: 10_000,
    responseTimeoutMs: 10_000,
    enquireLinkMs: 30_000,
    reconnectMinMs: 500,
    reconnectMaxMs: 60_000,
    throttleMinMs: 250,
    throttleMaxMs: 30_000,
    join: 'udh-8' as const,
    defaultAlphabet: 'unpacked' as const,
    responseIdForm: 'text' as const,
    receiptIdForm: 'text' as const,
    sendsReference: false,
    validityS: undefined,
    ...options,
  };
  for (const name of ['binds', 'windowSize'] as const) {
    if (!Number.isInteger(settings[name]) || settings[name] < 1)
      throw new RangeError(`${name} is a whole number from 1`);
  }
  if (settings.maxPerSecond !== undefined && !(settings.maxPerSecond > 0))
    throw new RangeError('maxPerSecond is above 0');
  return settings;
}

/** Links whose parts a phone joins to one message: same sender, same kind of joining. */
export function joinKey({ source, join, defaultAlphabet }: SmppLinkSettings): string {
  return `${join} ${defaultAlphabet} ${source}`;
}

/** Type of number and numbering plan of a sender (CHANNELS.md S3): a number, a short code, or a brand. */
export function addressType(source: string): { readonly ton: number; readonly npi: number } {
  if (/^8801\d{9}$/.test(source)) return { ton: 1, npi: 1 };
  return /^\d{1,8}$/.test(source) ? { ton: 3, npi: 0 } : { ton: 5, npi: 0 };
}

/**
 * A relative validity period (7.1.1.2): years, months, days, hours, minutes, seconds, each two digits, then `000R`.
 *
 * @example relativeTime(7200) // '000000020000000R'
 */
export function relativeTime(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const days = Math.min(seconds / 86_400, 30);
  return `0000${two(days)}${two((seconds / 3600) % 24)}${two((seconds / 60) % 60)}${two(seconds % 60)}000R`;
}
