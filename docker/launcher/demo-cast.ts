import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { DemoCast, DemoCustomer } from './demo';
import type { Layout } from './layout';
import { applicationSecrets } from './secrets';
import { SAMPLE_METERS } from './stack';

const sampleRow = z.object({
  meterNo: z.string(),
  mobile: z.string(),
  language: z.string(),
  tariffClass: z.string(),
  crediting: z.string(),
});

/** Who plays in the demo: a household with a kWh meter that reads English, and one with a money meter that reads Bangla. */
export function castOf(layout: Layout): DemoCast {
  const { logins, partners } = applicationSecrets(layout);
  const clerk = logins.find((login) => login.role === 'clerk');
  const partner = partners[0];
  if (!clerk || !partner) throw new Error(`no clerk or partner in ${layout.secrets}`);
  const file = join(layout.root, SAMPLE_METERS);
  const rows = z.array(sampleRow).parse(parse(readFileSync(file), { columns: true, bom: true, trim: true }));
  const household = (crediting: string, language: string): DemoCustomer => {
    const row = rows.find(
      (one) => one.tariffClass === 'LT-A' && one.crediting === crediting && one.language === language,
    );
    if (!row) throw new Error(`${SAMPLE_METERS} has no LT-A meter that credits by ${crediting}, ${language}`);
    return { meterNo: row.meterNo, mobile: row.mobile };
  };
  return {
    clerk: { username: clerk.username, password: clerk.password },
    provider: partner.code,
    counterCustomer: household('energy', 'en'),
    mobileCustomer: household('currency', 'bn'),
  };
}
