export type MeterStatus = 'active' | 'closed';
/** What a credit token carries: Taka (the meter holds the slab table) or kWh. */
export type Crediting = 'currency' | 'energy';
export type MeterOwner = 'utility' | 'customer';
export type Language = 'bn' | 'en';
/** How a customer has receipts by SMS: in words, or as the line for programs (docs/SMS.md). */
export type SmsForm = 'words' | 'line';
export type Phase = 1 | 3;

/** Identity and key attributes of one meter, as on its key card (IEC 62055-41, 6.1): never a key. */
export interface MeterKeys {
  /** 18 digits. */
  readonly pan: string;
  readonly ea: '07' | '11';
  readonly tct: '02';
  /** Supply group code, 6 digits. */
  readonly sgc: string;
  /** Key revision number, 1-9. */
  readonly krn: number;
  /** Tariff index, two digits. */
  readonly ti: string;
  /** 0 DITK, 1 DDTK, 2 DUTK, 3 DCTK. */
  readonly kt: 0 | 1 | 2 | 3;
  /** Key expiry number, 0-255; 255 never expires. */
  readonly ken: number;
  /** Year of the base date of the meter's vending key. */
  readonly baseDate: 1993 | 2014 | 2035;
}
