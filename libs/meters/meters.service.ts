import DataLoader from 'dataloader';
import { DomainError, type Id } from '@vend/kernel';
import { Database } from '@vend/platform';
import { looksLikeDrn, looksLikePan, hasLuhnDigit, parseMeterNumber } from './identity';
import { normaliseMobile } from './mobile';
import type { MeterCard, MeterRef } from './meters';
import type { MetersErrorCode } from './meters.errors';
import { cursorOf, placeOf } from './search/name-question';
import { searchNames, type SeenOffices } from './search/name-search';
import {
  findCardsOfCustomers,
  findMeterCards,
  findMeterRef,
  findMeterRefs,
  type MeterKey,
  type ReferenceQuestion,
} from './store/meters';

/** What a clerk or a customer may search by; `reference` is a meter number or a customer number. */
export type MeterSearch = 'meter-no' | 'customer-no' | 'phone' | 'reference';

const NAMES_A_PAGE = 20;
const CUSTOMER_NO = /^[0-9A-Z/-]{1,20}$/;

/** Looks meters up, for people (`find`) and for payments (`resolve`). */
export class MetersService {
  /** References that arrive in one turn of the event loop share a round trip: at rush hour that is most of them. */
  private readonly references: DataLoader<ReferenceQuestion, MeterRef[]>;

  constructor(private readonly database: Database) {
    this.references = new DataLoader((questions) => findMeterRefs(database, questions), {
      cache: false,
      maxBatchSize: 100,
      batchScheduleFn: setImmediate,
    });
  }

  /**
   * Cards of the meters that fit, active ones first, at most 50; empty when none does.
   *
   * @param offices narrows a search by phone to the customers of these; an exact number is found everywhere
   * @throws {DomainError} `meter-number-invalid`, `meter-check-digit-wrong`, `mobile-invalid`
   * @example await meters.find('phone', '01700000001')
   */
  async find(by: MeterSearch, value: string, offices: SeenOffices = 'all'): Promise<MeterCard[]> {
    const text = value.trim();
    if (by === 'meter-no') return this.cards('pan', parseMeterNumber(text).pan);
    if (by === 'customer-no') return this.byCustomerNo(text);
    if (by === 'reference') return this.byReference(text);
    const mobile = normaliseMobile(text);
    if (mobile === undefined) throw new DomainError<MetersErrorCode>('mobile-invalid');
    return findMeterCards(this.database, 'mobile', mobile, offices);
  }

  /**
   * Cards of the meters of customers whose name has words that begin like the typed ones (searchNames), 20 customers a
   * page, in the order of the customers.
   *
   * @param offices names of those whose customers may be seen
   * @param cursor `nextCursor` of the page before
   * @returns `nextCursor` null: this was the last page. A page may be short, even empty, and not the last
   * @example await meters.findByName('আব্দুল কর', { offices: 'all' })
   */
  async findByName(
    typed: string,
    { offices, cursor }: { readonly offices: SeenOffices; readonly cursor?: string | undefined },
  ): Promise<{ readonly items: MeterCard[]; readonly nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : placeOf(cursor);
    const { customers, next } = await searchNames(this.database, typed, { offices, limit: NAMES_A_PAGE, after });
    const items = await findCardsOfCustomers(
      this.database,
      customers.map(({ id }) => id),
    );
    return { items, nextCursor: next ? cursorOf(next) : null };
  }

  /**
   * The meter that a payer's reference means: MeterPAN, DRN or customer number; undefined when nobody has it.
   * One indexed query, shared with whoever asks in the same turn. A customer number means the customer's one active meter; a closed one is answered as
   * such only when there is no active one.
   *
   * @throws {DomainError} `reference-ambiguous` (several active meters), `meter-check-digit-wrong` (18 digits)
   * @example (await meters.resolve('600727000000000009'))?.meterId
   */
  async resolve(reference: string): Promise<MeterRef | undefined> {
    const text = reference.trim().toUpperCase();
    if (!CUSTOMER_NO.test(text)) return undefined;
    const refs = await this.references.load({ keys: keysOfReference(text), reference: text });
    const active = refs.filter((ref) => ref.status === 'active');
    if (active.length > 1) throw new DomainError<MetersErrorCode>('reference-ambiguous', { meters: active.length });
    return active[0] ?? refs[0];
  }

  /**
   * The meter of an id that a quote or a recharge carries; undefined when there is none.
   *
   * @example (await meters.byId(record.meterId))?.pan
   */
  byId(meterId: Id): Promise<MeterRef | undefined> {
    return findMeterRef(this.database, meterId);
  }

  private async byReference(text: string): Promise<MeterCard[]> {
    const reference = text.toUpperCase();
    if (!CUSTOMER_NO.test(reference)) return [];
    const found = await Promise.all(keysOfReference(reference).map((key) => this.cards(key, reference)));
    return [...new Map(found.flat().map((card) => [card.meterId, card])).values()];
  }

  private byCustomerNo(text: string): Promise<MeterCard[]> {
    const customerNo = text.toUpperCase();
    return CUSTOMER_NO.test(customerNo) ? this.cards('customer-no', customerNo) : Promise.resolve([]);
  }

  private cards(key: MeterKey, value: string): Promise<MeterCard[]> {
    return findMeterCards(this.database, key, value);
  }
}

/**
 * Which columns a reference may stand in. 11 or 13 digits with a right check digit may be a DRN or a customer
 * number, so both are asked: if they disagree, the payment must not go to either.
 */
function keysOfReference(text: string): readonly ('pan' | 'drn' | 'customer-no')[] {
  if (looksLikePan(text)) {
    parseMeterNumber(text);
    return ['pan'];
  }
  return looksLikeDrn(text) && hasLuhnDigit(text) ? ['drn', 'customer-no'] : ['customer-no'];
}
