/**
 * Service fees and security deposits of the Narsingdi PBS-2 guide (lines 194-227, 336-358), in Taka before VAT; null:
 * the guide prints none. Not here: emergency transformer rental, whose rows the page layout has merged (lines 359-366).
 */
export interface FeeRow {
  readonly singlePhase: string | null;
  readonly threePhase: string | null;
  readonly mt: string | null;
  readonly ht: string | null;
  readonly eht: string | null;
}

function fee(singlePhase: string, threePhase: string, mt: string, ht: string | null, eht: string | null): FeeRow {
  return { singlePhase, threePhase, mt, ht, eht };
}

export const fees2020 = {
  'application-new': fee('100.00', '300.00', '1000.00', '1000.00', '2000.00'),
  'application-temporary': fee('250.00', '500.00', '1000.00', null, null),
  'pole-or-line-shift': fee('1500.00', '1500.00', '1500.00', '1500.00', '1500.00'),
  'service-drop-reroute': fee('200.00', '500.00', '1250.00', '1250.00', '2500.00'),
  'disconnection-arrears': fee('300.00', '800.00', '5000.00', '5000.00', '10000.00'),
  // EHT: line 212 prints 10000, line 345 prints 5000. A contradiction is not decided here.
  'reconnection-arrears': fee('300.00', '800.00', '5000.00', '5000.00', null),
  'disconnection-on-request': fee('200.00', '400.00', '1000.00', '1000.00', '2000.00'),
  'reconnection-on-request': fee('200.00', '400.00', '1000.00', '1000.00', '2000.00'),
  'load-change-application': fee('100.00', '300.00', '1000.00', '1000.00', '1000.00'),
  'meter-test': fee('200.00', '400.00', '2000.00', '2000.00', '4000.00'),
} as const satisfies Record<string, FeeRow>;

/** A meter test at low tension with current transformers (lines 354-358). */
export const METER_TEST_LT_CT_TK = '600.00';

/** VAT added to fees (lines 195, 214). */
export const FEE_VAT_PERCENT = 15n;

/** Taka per kW of sanctioned load; the guide's row for LT-A and LT-B ends at 50 kW. */
export const deposits2020 = {
  smallUpToKw: 2,
  smallTk: '400.00',
  largeUpToKw: 50,
  largeTk: '600.00',
  otherLtTk: '800.00',
  aboveLtTk: '1000.00',
} as const;
