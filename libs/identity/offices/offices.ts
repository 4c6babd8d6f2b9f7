import type { Reader } from '@vend/platform';
import type { PersonRole, SessionUser } from '../identity';
import { officesBelow } from '../store/offices';

/** Roles whose work is not of one office. */
const EVERYWHERE: readonly PersonRole[] = ['administrator', 'auditor', 'call-centre', 'tariff-officer', 'key-officer'];

/**
 * The office names whose customers, vends and reports a person may see: the own station's office and all below it.
 * Administrators, auditors, the call centre, tariff and key officers see every office.
 *
 * Lists, and searches by name or phone, are narrowed by it. Finding a meter by its exact number for a sale is not:
 * customers pay anywhere.
 *
 * @example await officesOf(database, user) // ['Rajshahi S&D 1'] or 'all'
 */
export async function officesOf(reader: Reader, user: SessionUser): Promise<'all' | readonly string[]> {
  return EVERYWHERE.includes(user.role) ? 'all' : officesBelow(reader, user.station);
}
