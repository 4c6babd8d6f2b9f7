/**
 * The meter's side of a token: what a real meter answers when somebody types 20 digits (STS.md section 9). It reads no
 * clock: every entry brings its time. Virtual meters and tests run on it.
 */
import { formatCreditAmount } from './amount';
import { openToken, policyRefusal } from './decode';
import type { DecodedCredit, DecodedKeyChange, DecodedManagement, DecodedTestDisplay, DecodedToken } from './decode';
import { DecoderKey } from './decoder-key';
import { parseTokenDigits } from './digits';
import { CLEAR_ALL_CREDIT } from './encode';
import { assembleKeyChange, isKeyTypeChangeAllowed } from './key-change';
import type { SectionSet } from './key-change';
import { withDefaults } from './meter.answer';
import type { MeterAnswer, MeterOptions } from './meter.answer';
import { parseMeterPan } from './pan';
import type { MeterState } from './meter.state';
import { StsError, refuse } from './sts.errors';
import { BASE_DATES } from './tid';
import type { BaseDate } from './tid';

/** Identifiers a meter remembers. */
export const TID_MEMORY_SIZE = 50;

const KCT_RESULT = { 1: '1stKCT', 2: '2ndKCT', 3: '3rdKCT', 4: '4thKCT' } as const;

/**
 * A meter.
 *
 * @example
 * const meter = new StsMeter(key);
 * meter.enter('51043465443420856213', nowMs); // { result: 'Accept', credited: { subclass: 0, units: 256n, text: '25.6' }, ... }
 * meter.enter('51043465443420856213', nowMs); // { result: 'Used', ... }
 */
export class StsMeter {
  readonly #options: Required<MeterOptions>;
  readonly #manufacturer: number;
  readonly #manufacturerForm: 0 | 1;
  #key: DecoderKey;
  #tids: number[];
  #registers: bigint[] = new Array<bigint>(8).fill(0n);
  #maxPowerLimit: number | null = null;
  #phaseUnbalanceLimit: number | null = null;
  #tariffRate: number | null = null;
  #waterFactor: number | null = null;
  #tampered = false;
  #sections: SectionSet = {};
  #sectionsSinceMs: number | null = null;
  #wrongEntries = 0;
  #lockedUntilMs = 0;

  /**
   * A meter as it leaves its maker.
   *
   * @param key the key loaded at manufacture or by the last key change; its attributes are the meter's identity
   * @param manufacturedTid fills the identifier memory: this and older tokens are refused. Default: takes any
   */
  constructor(key: DecoderKey, options: MeterOptions = {}, manufacturedTid = -1) {
    const identity = parseMeterPan(key.pan);
    this.#manufacturer = identity.manufacturer;
    this.#manufacturerForm = identity.iin === '600727' ? 0 : 1;
    this.#key = key;
    this.#tids = new Array<number>(TID_MEMORY_SIZE).fill(manufacturedTid);
    this.#options = withDefaults(options);
  }

  /** Key type, group, tariff index, revision, expiry and base date now in the meter; the object prints no key bits. */
  get key(): DecoderKey {
    return this.#key;
  }

  /** Watts; null until a token sets it. */
  get maxPowerLimit(): number | null {
    return this.#maxPowerLimit;
  }

  /** Watts; null until a token sets it. */
  get phaseUnbalanceLimit(): number | null {
    return this.#phaseUnbalanceLimit;
  }

  /** True after `tamper()` until a clear-tamper token. */
  get tampered(): boolean {
    return this.#tampered;
  }

  /** Units in the register of a credit subclass. @throws {StsError} bad-subclass */
  credit(subclass: number): bigint {
    return this.#registers[subclass] ?? refuse('bad-subclass');
  }

  /** Takes units out of a register, as consumption does; a register may run below zero. @throws {StsError} bad-subclass */
  consume(subclass: number, units: bigint): void {
    this.#registers[subclass] = this.credit(subclass) - units;
  }

  /** Someone opened the cover. */
  tamper(): void {
    this.#tampered = true;
  }

  /**
   * Somebody types a token.
   *
   * @param digits what was typed; blanks and hyphens between groups are forgiven, as keypads show none
   * @param atMs the time, any steadily rising milliseconds; it only serves lock-out and the key-change time-out
   */
  enter(digits: string, atMs: number): MeterAnswer {
    let parsed;
    try {
      parsed = parseTokenDigits(digits.replace(/[ -]/g, ''));
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      return this.#wrong('Format', atMs);
    }
    if (parsed.tokenClass !== 1 && atMs < this.#lockedUntilMs) {
      return { result: 'Lockout', lockedUntilMs: this.#lockedUntilMs };
    }
    const token = openToken(parsed, this.#key);
    if (typeof token === 'string') {
      if (token === 'crc') return this.#wrong('CRC', atMs);
      return { result: token === 'bad-field' ? 'Range' : 'Function' };
    }
    const answer = this.#act(token, atMs);
    // A test token anybody can type must not open the lock for guessing.
    const good = answer.result === 'Accept' || answer.result.endsWith('KCT');
    if (good && token.tokenClass !== 1) this.#wrongEntries = 0;
    return { ...answer, token };
  }

  #wrong(result: 'Format' | 'CRC', atMs: number): MeterAnswer {
    const { lockout } = this.#options;
    if (!lockout) return { result };
    if (atMs < this.#lockedUntilMs) return { result: 'Lockout', lockedUntilMs: this.#lockedUntilMs };
    this.#wrongEntries++;
    const beyond = this.#wrongEntries - lockout.afterEntries;
    if (beyond >= 0) this.#lockedUntilMs = atMs + Math.min(lockout.firstMs * 2 ** beyond, lockout.maxMs);
    return { result };
  }

  #act(token: DecodedToken, atMs: number): MeterAnswer {
    if (token.kind === 'test-display') return this.#show(token);
    const refusal = policyRefusal(token, this.#key, this.#options.enforceKeyExpiry);
    if (refusal) return { result: refusal === 'key-expired' ? 'KeyExpired' : 'DDTK' };
    if (token.kind === 'key-change') return this.#changeKey(token, atMs);
    if (token.tid < this.#tids[0]!) return { result: 'Old' };
    if (this.#tids.includes(token.tid)) return { result: 'Used' };
    const answer = token.kind === 'credit' ? this.#take(token) : this.#manage(token);
    if (answer.result === 'Accept') this.#remember(token.tid);
    return answer;
  }

  /** The new identifier takes the place of the smallest: what fits between two remembered ones is still welcome. */
  #remember(tid: number): void {
    const tids = this.#tids;
    let at = 1;
    for (; at < tids.length && tids[at]! < tid; at++) tids[at - 1] = tids[at]!;
    tids[at - 1] = tid;
  }

  #show(token: DecodedTestDisplay): MeterAnswer {
    const mine = token.manufacturer === this.#manufacturer && token.subclass === this.#manufacturerForm;
    if (token.manufacturer !== 0 && !mine) return { result: 'MfrCode' };
    const display: number[] = [];
    for (let bit = 0; token.control >> BigInt(bit) !== 0n; bit++) {
      if ((token.control >> BigInt(bit)) & 1n) display.push(bit + 1);
    }
    return { result: 'Accept', display };
  }

  #take({ subclass, units }: DecodedCredit): MeterAnswer {
    if (!this.#options.services.includes(subclass)) return { result: 'Function' };
    const limit = subclass < 4 ? this.#options.registerLimitTenths : this.#options.registerLimitHundredThousandths;
    const sum = this.#registers[subclass]! + units;
    if (sum > limit || sum < -limit) return { result: 'Overflow' };
    this.#registers[subclass] = sum;
    return { result: 'Accept', credited: { subclass, units, text: formatCreditAmount(subclass, units) } };
  }

  #manage(token: DecodedManagement): MeterAnswer {
    switch (token.kind) {
      case 'max-power-limit':
        this.#maxPowerLimit = token.value;
        break;
      case 'phase-unbalance-limit':
        this.#phaseUnbalanceLimit = token.value;
        break;
      case 'tariff-rate':
        this.#tariffRate = token.value;
        break;
      case 'water-factor':
        // Only a water meter has one.
        if (!this.#options.services.some((service) => service === 1 || service === 5)) return { result: 'Function' };
        this.#waterFactor = token.value;
        break;
      case 'clear-tamper':
        this.#tampered = false;
        break;
      case 'clear-credit':
        if (token.value === CLEAR_ALL_CREDIT) this.#registers.fill(0n);
        else if (this.#options.services.includes(token.value)) this.#registers[token.value] = 0n;
        else return { result: 'Function' };
        break;
    }
    return { result: 'Accept' };
  }

  #changeKey({ section }: DecodedKeyChange, atMs: number): MeterAnswer {
    const since = this.#sectionsSinceMs;
    if (since !== null && atMs - since > this.#options.keyChangeTimeoutMs) this.#dropSections();
    this.#sectionsSinceMs ??= atMs;
    this.#sections = { ...this.#sections, [section.section]: section };
    const change = assembleKeyChange(this.#key.ea, this.#sections);
    if (change === undefined) return { result: KCT_RESULT[section.section] };
    this.#dropSections();
    if (change === null) return { result: 'Range' };
    const old = this.#key;
    if (change.kt !== old.kt && !isKeyTypeChangeAllowed(old.kt, change.kt, this.#options.keyTypeChanges)) {
      return { result: 'KeyType' };
    }
    const { kt, krn, ti, ken, sgc = old.sgc, rollover, words } = change;
    const baseDate = rollover ? nextBaseDate(old.baseDate) : old.baseDate;
    const { pan, ea } = old;
    this.#key = new DecoderKey({ pan, ea, kt, sgc, ti, krn, ken, baseDate }, words, this.#options.tables);
    // Under the new base date the count of minutes starts again: what was remembered says nothing any more.
    if (rollover) this.#tids.fill(-1);
    return { result: 'Accept' };
  }

  #dropSections(): void {
    this.#sections = {};
    this.#sectionsSinceMs = null;
  }

  /** Everything the meter remembers, to store and to start from again. It holds the key: a secret. */
  toState(): MeterState {
    const { pan, ea, kt, sgc, ti, krn, ken, baseDate } = this.#key;
    return {
      version: 1,
      ...{ pan, ea, decoderKey: this.#key.exportHex(), kt, sgc, ti, krn, ken, baseDate },
      tidMemory: [...this.#tids],
      registers: this.#registers.map(String),
      maxPowerLimit: this.#maxPowerLimit,
      phaseUnbalanceLimit: this.#phaseUnbalanceLimit,
      tariffRate: this.#tariffRate,
      waterFactor: this.#waterFactor,
      tampered: this.#tampered,
      sections: Object.values(this.#sections),
      sectionsSinceMs: this.#sectionsSinceMs,
      wrongEntries: this.#wrongEntries,
      lockedUntilMs: this.#lockedUntilMs,
    };
  }

  /**
   * A meter as it was stored.
   *
   * @throws {StsError} bad-state, and those of DecoderKey.fromHex
   * @example StsMeter.fromState(JSON.parse(text) as MeterState)
   */
  static fromState(state: MeterState, options: MeterOptions = {}): StsMeter {
    const tidsAreSound = state.tidMemory?.length === TID_MEMORY_SIZE && state.tidMemory.every(Number.isInteger);
    if (state.version !== 1 || !tidsAreSound || state.registers?.length !== 8) refuse('bad-state');
    const meter = new StsMeter(DecoderKey.fromHex(state.decoderKey, state, options.tables), options);
    meter.#tids = [...state.tidMemory].sort((a, b) => a - b);
    meter.#registers = state.registers.map(BigInt);
    meter.#maxPowerLimit = state.maxPowerLimit;
    meter.#phaseUnbalanceLimit = state.phaseUnbalanceLimit;
    meter.#tariffRate = state.tariffRate;
    meter.#waterFactor = state.waterFactor;
    meter.#tampered = state.tampered;
    meter.#sections = Object.fromEntries(state.sections.map((section) => [section.section, section]));
    meter.#sectionsSinceMs = state.sectionsSinceMs;
    meter.#wrongEntries = state.wrongEntries;
    meter.#lockedUntilMs = state.lockedUntilMs;
    return meter;
  }
}

/** The token says only that the base date moves on: to the next one there is. */
function nextBaseDate(baseDate: BaseDate): BaseDate {
  return BASE_DATES[BASE_DATES.indexOf(baseDate) + 1] ?? baseDate;
}
