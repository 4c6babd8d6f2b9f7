import type { FeeRowSource, FeeScheduleSource } from '../documents';

function fee(singlePhase: string, threePhase: string, mt: string, ht: string | null, eht: string | null): FeeRowSource {
  return { singlePhase, threePhase, mt, ht, eht };
}

/**
 * Service fees and security deposits of the Narsingdi PBS-2 guide (lines 194-227, 336-358), in Taka before VAT; null:
 * the guide prints none. Not here: emergency transformer rental, whose rows the page layout has merged (lines 359-366).
 */
export const fees2020: FeeScheduleSource = {
  id: 'bd-fees-2020-03',
  title: { bn: 'সেবার ফি ও জামানত, মার্চ 2020', en: 'Service fees and deposits, March 2020' },
  effectiveFrom: '2020-03-01',
  // Lines 195 and 214: 15 % VAT is added.
  vatPercent: 15,
  fees: {
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
    // Lines 354-358; through current transformers at low tension Tk 600.
    'meter-test': { ...fee('200.00', '400.00', '2000.00', '2000.00', '4000.00'), currentTransformer: '600.00' },
  },
  // Lines 215-227; the row for LT-A and LT-B ends at 50 kW, and above it there is none.
  deposits: [
    { classes: ['LT-A', 'LT-B'], upToKw: 2, tkPerKw: '400.00' },
    { classes: ['LT-A', 'LT-B'], upToKw: 50, tkPerKw: '600.00' },
    { classes: ['LT-C1', 'LT-C2', 'LT-D1', 'LT-D2', 'LT-D3', 'LT-E', 'LT-T'], upToKw: null, tkPerKw: '800.00' },
    { classes: ['MT-*', 'HT-*', 'EHT-*'], upToKw: null, tkPerKw: '1000.00' },
  ],
};
