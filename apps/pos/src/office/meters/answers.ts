/** What the server answers about meters and customers, as far as these pages look at it. */
import type { Energy, Money } from '../../shared/answers';

export interface CardPerson {
  readonly personId: string;
  readonly role: 'owner' | 'tenant' | 'payer';
  readonly name: string;
  readonly mobile: string | null;
  readonly receivesSms: boolean;
}

interface CardMeter {
  readonly meterNo: string;
  readonly status: 'active' | 'closed';
  readonly owner: 'utility' | 'customer';
  readonly crediting: 'currency' | 'energy';
  readonly installedOn: string;
  readonly closedOn: string | null;
  readonly ea: string;
  readonly sgc: string;
  readonly krn: number;
  readonly ti: string;
  readonly ken: number;
  readonly baseDate: number;
}

interface CardConnection {
  readonly connectionId: string;
  readonly address: string | null;
  readonly tariffClass: string;
  readonly phase: number;
  readonly sanctionedKw: string;
  readonly supply: 'connected' | 'disconnected' | 'closed';
  readonly disconnectedOn: string | null;
  readonly next: { readonly from: string; readonly tariffClass: string; readonly sanctionedKw: string } | null;
}

interface CardCustomer {
  readonly customerNo: string;
  readonly name: string;
  readonly mobile: string | null;
  readonly address: string;
  readonly office: string;
  readonly language: 'bn' | 'en';
  readonly closedOn: string | null;
}

export interface WholeMeter extends CardMeter {
  readonly customer: CardCustomer;
  readonly connection: CardConnection;
  readonly people: readonly CardPerson[];
  readonly model: string | null;
}

export interface WholeCustomer extends CardCustomer {
  readonly connections: readonly (CardConnection & {
    readonly meters: readonly CardMeter[];
    readonly people: readonly CardPerson[];
  })[];
}

export interface MeterAccount {
  readonly bought: Money;
  readonly boughtKwh: string | null;
  readonly nextUnit: Money | null;
  readonly arrears: Money;
  readonly due: {
    readonly months: readonly string[];
    readonly fixedCharges: Money;
    readonly minimumRecharge: Money;
  } | null;
}

export interface MeterVend {
  readonly rechargeId: string;
  readonly vendId: string;
  readonly receiptNo: string;
  readonly kind: string;
  readonly source: string;
  readonly bookedAt: string;
  readonly amount: Money;
  readonly energy: Energy | null;
  readonly tokenCount: number;
}

export interface Penalty {
  readonly penaltyId: string;
  readonly state: 'due' | 'collected' | 'withdrawn';
  readonly amount: Money;
  readonly noticeNo: string;
  readonly noticeDate: string;
  readonly reason: string;
}

/** Of a trace: how the last vends went on their way. */
export interface Deliveries {
  readonly meters: readonly {
    readonly meterNo: string;
    readonly headEnd: string | null;
    readonly keyChange: string | null;
  }[];
  readonly events: readonly {
    readonly rechargeId: string;
    readonly vended: { readonly receiptNo: string; readonly at: string } | null;
    readonly sms: { readonly state: string } | null;
    readonly load: { readonly remoteLoadId: string; readonly state: string; readonly reason: string | null } | null;
  }[];
}

interface RecordVersion {
  readonly record: 'customer' | 'connection' | 'meter' | 'person';
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface RecordHistory {
  readonly items: readonly RecordVersion[];
}

export interface NoticeChoice {
  readonly wanted: boolean;
  readonly changedAt: string | null;
}
