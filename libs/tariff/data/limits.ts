import type { RechargeLimitsSource } from '../documents';

/**
 * The project's limits of one recharge: Tk 500 000 at low tension and Tk 50 000 000 above, a month of the largest
 * connection and far above any typing slip that a till should let through. Mobile money sends whole Taka. No regulator
 * has set these numbers; a utility publishes its own.
 */
export const projectLimits: RechargeLimitsSource = {
  id: 'project-limits-2020',
  title: { bn: 'এক রিচার্জের সীমা', en: 'Limits of one recharge' },
  effectiveFrom: '2020-03-01',
  levelMaximumTk: { LT: '500000.00', MT: '50000000.00', HT: '50000000.00', EHT: '50000000.00' },
  channels: {
    counter: { minimumTk: '0.01', maximumTk: null, stepTk: '0.01' },
    'mobile-money': { minimumTk: '0.01', maximumTk: null, stepTk: '1.00' },
    callback: { minimumTk: '0.01', maximumTk: null, stepTk: '0.01' },
  },
};
