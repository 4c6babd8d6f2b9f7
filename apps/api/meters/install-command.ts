import { parseKw, normaliseMobile, type Doing, type InstallCommand } from '@vend/meters';
import { FieldsInvalid } from '../http/field.pipe';
import { newMeterOf, type InstallRequest } from './meter-life.dto';

/**
 * What an installation asks for: a customer who is known or named whole, a connection that is idle or described whole.
 *
 * @throws {FieldsInvalid} field-missing: half of either
 */
export function installCommandOf(body: InstallRequest, doing: Doing): InstallCommand {
  return {
    ...doing,
    customerNo: body.customerNo.toUpperCase(),
    customer: customerOf(body),
    connection: connectionOf(body),
    meter: newMeterOf(body),
  };
}

function customerOf({ name, mobile, address, office, language }: InstallRequest): InstallCommand['customer'] {
  const given = { name, address, office, language };
  if (Object.values({ ...given, mobile }).every((value) => value === undefined)) return null;
  requireAll(given);
  return {
    name: name!.normalize('NFC'),
    mobile: normaliseMobile(mobile ?? '') ?? null,
    address: address!.normalize('NFC'),
    office: office!,
    language: language!,
  };
}

function connectionOf(body: InstallRequest): InstallCommand['connection'] {
  const { connectionId, connectionAddress, tariffClass, phases, sanctionedKw } = body;
  if (connectionId !== undefined) return { connectionId };
  requireAll({ tariffClass, phases, sanctionedKw });
  return {
    address: connectionAddress?.normalize('NFC') ?? null,
    tariffClass: tariffClass!,
    phase: phases === '3' ? 3 : 1,
    sanctionedW: parseKw(sanctionedKw!)!,
  };
}

function requireAll(fields: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(fields).filter((field) => fields[field] === undefined);
  if (missing.length > 0) throw new FieldsInvalid(missing.map((field) => ({ field, code: 'field-missing' as const })));
}
