import { randomBytes } from 'node:crypto';
import { DomainError, type InstantMs } from '@vend/kernel';
import { unseal, type Database } from '@vend/platform';
import { BoundedCache } from './bounded-cache';
import type { Partner } from './identity';
import type { IdentityErrorCode } from './identity.errors';
import { signatureFits, timestampIsFresh } from './signatures';
import { findPartnerRow } from './store/partners';

/** The parts of a partner's request that its signature covers. */
export interface SignedRequest {
  /** Header X-Key-Id. */
  readonly keyId: string | undefined;
  /** Header X-Timestamp: unix seconds. */
  readonly timestamp: string | undefined;
  /** Header X-Signature: 64 hex digits. */
  readonly signature: string | undefined;
  /** The bytes as they came. */
  readonly rawBody: Uint8Array;
}

const KEY_ID = /^[0-9A-Za-z._-]{1,40}$/;
const CACHE_TTL_MS = 30_000;
const CACHE_SIZE = 1_000;

/** Partners and the requests they sign. A change of a partner is seen within 30 seconds. */
export class PartnersService {
  private readonly found: BoundedCache<Partner | undefined>;
  /** What a stranger's signature is measured against, so that it costs what a partner's costs. */
  private readonly decoySecret = randomBytes(32);

  constructor(
    private readonly database: Database,
    private readonly sealingSecret: Buffer,
    now: () => InstantMs = Date.now,
  ) {
    this.found = new BoundedCache(CACHE_SIZE, CACHE_TTL_MS, now);
  }

  /** The active partner of a key id; undefined when there is none. Kept in memory for 30 seconds, found or not. */
  byKeyId(keyId: string): Promise<Partner | undefined> {
    if (!KEY_ID.test(keyId)) return Promise.resolve(undefined);
    return this.found.get(keyId, () => this.load(keyId));
  }

  /**
   * Who signed this request: hex HMAC-SHA256(secret, `${timestamp}.${rawBody}`), at most 300 seconds ago or ahead.
   * A stranger learns nothing: an unknown key id is answered like a wrong signature, and the clock is looked at
   * only after the signature held.
   *
   * @throws {DomainError} `signature-missing`, `signature-invalid`, `timestamp-stale`
   * @example const partner = await partners.verifySignedRequest({ keyId, timestamp, signature, rawBody }, Date.now());
   */
  async verifySignedRequest(request: SignedRequest, nowMs: InstantMs): Promise<Partner> {
    const { keyId, timestamp, signature, rawBody } = request;
    if (!keyId || !timestamp || !signature) throw refusal('signature-missing');
    const partner = await this.byKeyId(keyId);
    const fits = signatureFits(partner?.secret ?? this.decoySecret, timestamp, rawBody, signature);
    if (!partner || !fits) throw refusal('signature-invalid');
    if (!timestampIsFresh(timestamp, nowMs)) throw refusal('timestamp-stale');
    return partner;
  }

  private async load(keyId: string): Promise<Partner | undefined> {
    const row = await findPartnerRow(this.database, keyId);
    if (!row) return undefined;
    const { code, name, kind, mode } = row;
    return { code, name, kind, mode, secret: unseal(this.sealingSecret, row.secretSealed, code) };
  }
}

function refusal(code: IdentityErrorCode): DomainError<IdentityErrorCode> {
  return new DomainError(code);
}
