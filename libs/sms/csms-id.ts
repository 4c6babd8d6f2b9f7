import { hash } from 'node:crypto';

/** RFC 4648 base32, lower case: no character that a gateway could escape or a log could split. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 20;

/**
 * The `csms_id` of a notice: 20 characters of base32, the first 100 bits of SHA-256 over the notice's id.
 * It is a function of the notice, so a repeat after a lost answer carries the same one and the gateway
 * answers 4023 "already accepted" in place of sending a second SMS (CHANNELS.md S6: at most 20 characters,
 * unique per day). 100 bits: among a million notices a day two meet with a probability below 1e-18.
 *
 * @param noticeId any non-empty stable text, usually a UUID
 * @throws {RangeError} when the id is empty
 * @example csmsIdOf('019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42').length // 20
 */
export function csmsIdOf(noticeId: string): string {
  if (noticeId === '') throw new RangeError('a notice without an id has no csms_id');
  const digest = hash('sha256', noticeId, 'buffer');
  let id = '';
  for (let bit = 0; id.length < LENGTH; bit += 5) {
    const window = (digest[bit >> 3]! << 8) | digest[(bit >> 3) + 1]!;
    id += ALPHABET[(window >> (11 - (bit & 7))) & 31];
  }
  return id;
}
