import {
  MANAGEMENT_SUBCLASS,
  SAMPLE_TABLES_NOTICE,
  StsError,
  civilMinuteOfTid,
  encodeCredit,
  encodeKeyChange,
  encodeManagement,
  encodeTestDisplay,
  formatBlock,
  formatCivilMinute,
  formatCreditAmount,
  parseCivilMinute,
  parseCreditAmount,
  parseTokenDigits,
  verifyToken,
} from '@vend/sts';
import type { DecodedToken, DecoderKey, ManagementKind, Token } from '@vend/sts';
import { CommandError, decoderKeyOf, tidOf, wholeNumber } from './request';
import type { CommandErrorCode, RawRequest } from './request';

/** One answer: what was asked for, or a refusal. */
export type Answer = Readonly<Record<string, unknown>>;

const SERVICES = ['electricity', 'water', 'gas', 'time'] as const;

/** Makes or reads what one line asks for. @throws {StsError | CommandError} */
function answerRequest(raw: RawRequest): Answer {
  const kind = raw['token'];
  switch (kind) {
    case 'credit':
      return credit(raw);
    case 'key-change':
      return keyChange(raw);
    case 'test-display':
      return testDisplay(raw);
    case 'verify':
      return verify(raw);
    default:
      if (typeof kind === 'string' && Object.hasOwn(MANAGEMENT_SUBCLASS, kind)) {
        return management(raw, kind as ManagementKind);
      }
      throw new CommandError('unknown-token');
  }
}

/** Every answer made with the sample tables says so. */
function finish(raw: RawRequest, tokens: readonly Token[], key: DecoderKey | null, rest: Answer): Answer {
  return {
    id: raw['id'] ?? null,
    tokens: tokens.map((token) => token.digits),
    blocks: tokens.map((token) => formatBlock(token.block)),
    decoderKey: key?.exportHex(),
    ...rest,
    notice: key?.tablesKind === 'iec-sample' ? SAMPLE_TABLES_NOTICE : undefined,
  };
}

function credit(raw: RawRequest): Answer {
  const key = decoderKeyOf(raw);
  const subclass = wholeNumber(raw['subclass']);
  const token = encodeCredit(key, {
    subclass,
    tid: tidOf(raw, key.baseDate),
    rnd: raw['rnd'] === undefined ? undefined : wholeNumber(raw['rnd']),
    units: parseCreditAmount(subclass, raw['amount'] as string),
    special: raw['special'] === true,
  });
  const credited = formatCreditAmount(subclass, token.creditedUnits);
  return finish(raw, [token], key, { tid: token.tid, credited });
}

function management(raw: RawRequest, kind: ManagementKind): Answer {
  const key = decoderKeyOf(raw);
  const token = encodeManagement(key, {
    kind,
    tid: tidOf(raw, key.baseDate),
    rnd: wholeNumber(raw['rnd']),
    // A clear-tamper token has nothing to say but 0.
    value: kind === 'clear-tamper' && raw['value'] === undefined ? 0 : wholeNumber(raw['value']),
    special: raw['special'] === true,
  });
  return finish(raw, [token], key, { tid: token.tid, value: token.value });
}

function keyChange(raw: RawRequest): Answer {
  const to = raw['to'];
  if (typeof to !== 'object' || to === null) throw new CommandError('bad-request');
  const current = decoderKeyOf(raw);
  const next = decoderKeyOf(raw, to as RawRequest);
  const tokens = encodeKeyChange({
    current,
    next,
    sections: wholeNumber(raw['tokens'] ?? (to as RawRequest)['tokens']) as 2 | 3 | 4,
    at: raw['at'] === undefined ? null : parseCivilMinute(raw['at'] as string),
    tct: raw['tct'] as string | undefined,
  });
  return finish(raw, tokens, current, { newDecoderKey: next.exportHex() });
}

function testDisplay(raw: RawRequest): Answer {
  const control = raw['control'];
  if (typeof control !== 'string' || !/^[0-9a-fA-F]{1,16}$/.test(control)) throw new StsError('bad-control');
  const token = encodeTestDisplay({
    subclass: wholeNumber(raw['subclass']),
    manufacturer: wholeNumber(raw['manufacturer']),
    control: BigInt(`0x${control}`),
  });
  return finish(raw, [token], null, {});
}

function verify(raw: RawRequest): Answer {
  const digits = raw['digits'] as string;
  // A class 1 token is read without a key; for the others the form is checked before the key is looked at.
  const key = parseTokenDigits(digits).tokenClass === 1 ? null : decoderKeyOf(raw);
  const token = verifyToken(digits, key);
  return {
    id: raw['id'] ?? null,
    token: token.kind,
    class: token.tokenClass,
    subclass: token.subclass,
    ...contents(token, key),
    blocks: [formatBlock(token.block)],
    decoderKey: key?.exportHex(),
    notice: key?.tablesKind === 'iec-sample' ? SAMPLE_TABLES_NOTICE : undefined,
  };
}

function contents(token: DecodedToken, key: DecoderKey | null): Answer {
  if (token.kind === 'test-display') {
    const digits = token.subclass === 0 ? { mfr: 2, control: 9 } : { mfr: 4, control: 7 };
    return {
      manufacturer: String(token.manufacturer).padStart(digits.mfr, '0'),
      control: token.control.toString(16).padStart(digits.control, '0'),
    };
  }
  if (token.kind === 'key-change') {
    // The key bits themselves are left to `blocks`: everything else a section says stands here.
    const secrets = ['keyHigh', 'keyLow', 'keyMiddle1', 'keyMiddle2'];
    return Object.fromEntries(Object.entries(token.section).filter(([name]) => !secrets.includes(name)));
  }
  const at = formatCivilMinute(civilMinuteOfTid(key!.baseDate, token.tid));
  const identity = { tid: token.tid, at, rnd: token.rnd, reservedTid: token.reservedTid || undefined };
  if (token.kind !== 'credit') return { ...identity, value: token.value };
  const amount = formatCreditAmount(token.subclass, token.units);
  const unit = token.subclass < 4 ? 'quantity' : 'currency';
  return { service: SERVICES[token.subclass & 3], unit, ...identity, amount, credited: amount };
}

/** What a request that failed is answered. */
export function refusal(id: unknown, error: unknown): Answer {
  let code: CommandErrorCode = 'internal';
  let message = 'Something unforeseen went wrong with this line.';
  if (error instanceof StsError || error instanceof CommandError) ({ code, message } = error);
  return { id: id ?? null, error: { code, message } };
}

/**
 * Answers one line of NDJSON; never throws.
 *
 * @returns the answer's line without its newline, and whether it is a refusal
 */
export function answerLine(line: string): { readonly text: string; readonly failed: boolean } {
  let id: unknown;
  try {
    const raw = parseLine(line);
    id = raw['id'];
    return { text: JSON.stringify(answerRequest(raw)), failed: false };
  } catch (error) {
    return { text: JSON.stringify(refusal(id, error)), failed: true };
  }
}

function parseLine(line: string): RawRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw new CommandError('bad-json');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new CommandError('bad-json');
  return parsed as RawRequest;
}
