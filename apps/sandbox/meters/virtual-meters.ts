import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DomainError } from '@vend/kernel';
import {
  DecoderKey,
  formatCreditAmount,
  StsMeter,
  type KeyAttributes,
  type MeterAnswer,
  type MeterState,
} from '@vend/sts';
import { z } from 'zod';
import { AppendLog } from '../append-log';
import { JsonFile } from '../http/json-file';
import type { SandboxErrorCode } from '../sandbox.errors';
import { offCause, type MeterFacts, type OffCause } from './short-codes';

/** What a meter knows of itself when it leaves the factory; checked again, and better, by DecoderKey. */
const factoryEntry = z.object({
  decoderKeyHex: z.string(),
  ea: z.enum(['07', '11']),
  baseDate: z.union([z.literal(1993), z.literal(2014), z.literal(2035)]),
  sgc: z.string(),
  krn: z.coerce.number(),
  ti: z.coerce.number(),
  kt: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  ken: z.number(),
});
type FactoryEntry = z.output<typeof factoryEntry>;
const factoryFile = z.record(z.string(), factoryEntry);

const storedMeter = z.object({
  pan: z.string(),
  factoryPrint: z.string(),
  accepted: z.number(),
  /** Checked by StsMeter.fromState. */
  state: z.record(z.string(), z.unknown()),
  loadW: z.number().default(0),
  lastCredit: z
    .object({ amount: z.string(), unit: z.enum(['kWh', 'BDT']), atMs: z.number() })
    .nullable()
    .default(null),
});

const ELECTRICITY = 0;
const ELECTRICITY_IN_CURRENCY = 4;

/** A sandbox's tests type thousands of tokens of other meters: its keypads do not lock. */
const OPTIONS = { lockout: null };

interface VirtualMeter {
  readonly meter: StsMeter;
  /** Which factory entry it was made from. */
  readonly factoryPrint: string;
  accepted: number;
  /** Watts drawn in the house. */
  loadW: number;
  lastCredit: MeterFacts['lastCredit'];
}

/** Its facts, with both registers: a meter uses the one of its crediting mode. */
export interface MeterView extends MeterFacts {
  readonly attributes: Omit<KeyAttributes, 'pan'>;
  /** Why the house has no light; null: it has. */
  readonly off: OffCause;
  /** Sections of a key change typed so far, while some are missing. */
  readonly keyChangeSections: readonly number[];
  /** The identifiers in the meter's memory of 50, rising. */
  readonly tids: readonly number[];
}

/**
 * The meters in the customers' homes. Each has its own decoder key, from a file made beside the development keys, and
 * everything it remembers survives a restart of the sandbox.
 */
export class VirtualMeters {
  private readonly meters = new Map<string, VirtualMeter>();
  private readonly factory: JsonFile<typeof factoryFile>;
  private log!: AppendLog;

  private constructor(
    keysFile: string,
    private readonly now: () => number,
  ) {
    this.factory = new JsonFile(keysFile, factoryFile);
  }

  /** Opens the meters kept in a directory; `now` in milliseconds since 1970. */
  static async open(directory: string, keysFile: string, now: () => number = Date.now): Promise<VirtualMeters> {
    const meters = new VirtualMeters(keysFile, now);
    meters.log = await AppendLog.open(join(directory, 'meters.ndjson'), {
      apply: (record) => meters.replay(record),
      snapshot: () => meters.snapshot(),
      rewriteAfter: 50_000,
    });
    return meters;
  }

  /**
   * Types a token into a meter; what it remembers is stored before the answer is given.
   *
   * @throws {DomainError} meter-unknown, meter-keys-missing
   */
  async enter(pan: string, digits: string): Promise<MeterAnswer> {
    const virtual = await this.find(pan);
    const answer = virtual.meter.enter(digits, this.now());
    if (answer.result === 'Accept') virtual.accepted++;
    if (answer.credited) {
      const { subclass, text: amount } = answer.credited;
      virtual.lastCredit = { amount, unit: subclass === ELECTRICITY_IN_CURRENCY ? 'BDT' : 'kWh', atMs: this.now() };
    }
    await this.log.append(recordOf(pan, virtual));
    return answer;
  }

  /** What happens in the house: so many watts are switched on, so much is used, or somebody opens the cover. */
  async happen(
    pan: string,
    event: { readonly loadW: number } | { readonly kwh: number } | { readonly taka: number } | 'tamper',
  ): Promise<MeterView> {
    const virtual = await this.find(pan);
    if (event === 'tamper') virtual.meter.tamper();
    else if ('loadW' in event) virtual.loadW = event.loadW;
    else if ('kwh' in event) virtual.meter.consume(ELECTRICITY, BigInt(event.kwh) * 10n);
    else virtual.meter.consume(ELECTRICITY_IN_CURRENCY, BigInt(event.taka) * 100_000n);
    await this.log.append(recordOf(pan, virtual));
    return this.view(pan);
  }

  /** @throws {DomainError} meter-unknown, meter-keys-missing */
  async view(pan: string): Promise<MeterView> {
    const { meter, accepted, loadW, lastCredit } = await this.find(pan);
    const { ea, kt, sgc, ti, krn, ken, baseDate } = meter.key;
    const { tidMemory, sections } = meter.toState();
    const balance = {
      kwh: formatCreditAmount(ELECTRICITY, meter.credit(ELECTRICITY)),
      taka: formatCreditAmount(ELECTRICITY_IN_CURRENCY, meter.credit(ELECTRICITY_IN_CURRENCY)),
    };
    const { tampered, maxPowerLimit: limitW } = meter;
    const facts = { pan, balance, tokensAccepted: accepted, tampered, loadW, limitW, lastCredit };
    return {
      ...facts,
      off: offCause(facts),
      attributes: { ea, kt, sgc, ti, krn, ken, baseDate },
      keyChangeSections: sections.map(({ section }) => section).sort(),
      tids: tidMemory.filter((tid) => tid >= 0),
    };
  }

  /** The meters' numbers, as the keys file lists them. @throws {DomainError} meter-keys-missing */
  async pans(): Promise<string[]> {
    return Object.keys(await this.entries());
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private async find(pan: string): Promise<VirtualMeter> {
    const entries = await this.entries();
    const entry = Object.hasOwn(entries, pan) ? entries[pan] : undefined;
    if (!entry) throw new DomainError<SandboxErrorCode>('meter-unknown');
    // No await between asking and setting: two first tokens at once must meet one meter.
    const factoryPrint = printOf(entry);
    const known = this.meters.get(pan);
    // Other keys in the file mean another meter on the wall: new development keys were made.
    if (known?.factoryPrint === factoryPrint) return known;
    const meter = new StsMeter(DecoderKey.fromHex(entry.decoderKeyHex, { ...entry, pan }), OPTIONS);
    const made: VirtualMeter = { meter, factoryPrint, accepted: 0, loadW: 0, lastCredit: null };
    this.meters.set(pan, made);
    return made;
  }

  private async entries(): Promise<Record<string, FactoryEntry>> {
    try {
      return await this.factory.read();
    } catch (cause) {
      throw new DomainError<SandboxErrorCode>('meter-keys-missing', {}, { cause });
    }
  }

  private replay(record: unknown): void {
    const { pan, state, ...kept } = storedMeter.parse(record);
    const meter = StsMeter.fromState(state as unknown as MeterState, OPTIONS);
    this.meters.set(pan, { meter, ...kept });
  }

  private *snapshot(): Iterable<unknown> {
    for (const [pan, virtual] of this.meters) yield recordOf(pan, virtual);
  }
}

function recordOf(pan: string, { meter, ...kept }: VirtualMeter): z.output<typeof storedMeter> {
  return { pan, ...kept, state: { ...meter.toState() } };
}

function printOf(entry: FactoryEntry): string {
  return createHash('sha256').update(JSON.stringify(entry)).digest('base64url').slice(0, 22);
}
