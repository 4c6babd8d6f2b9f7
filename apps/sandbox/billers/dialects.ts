import { chargeDialect } from './charge.dialect';
import type { Company, Dialect } from './dialect';
import { fetchDialect } from './fetch.dialect';
import { formDialect } from './form.dialect';
import { jsonDialect } from './json.dialect';
import { xmlDialect } from './xml.dialect';

/** How a company of each contract speaks, by the name of the profile. */
export const DIALECTS: Readonly<Record<string, ((company: Company) => Dialect) | undefined>> = {
  'biller-form-v1': formDialect,
  'biller-json-v1': jsonDialect,
  'fetch-pay-status-v1': fetchDialect,
  'quote-charge-v1': chargeDialect,
  'xml-ack-v1': xmlDialect,
};
