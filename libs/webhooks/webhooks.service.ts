import { randomBytes } from 'node:crypto';
import { recordAudit, type AuditAction, type AuditFacts } from '@vend/identity';
import { DomainError, idToBytes, newId, webhookSecretText, type Id, type InstantMs } from '@vend/kernel';
import { seal, type Database, type Tx } from '@vend/platform';
import { isAllowedUrl } from './destination';
import type { WebhookEventType } from './events';
import {
  contextOf,
  findEndpoint,
  isOwner,
  lockEndpoint,
  saveEndpoint,
  type SealedEndpoint,
  type WebhookEndpoint,
} from './store/endpoints';
import { findMessage, replayMessage, replaySome } from './store/messages';
import type { WebhooksErrorCode } from './webhooks.errors';

const SECRET_BYTES = 32;
const REPLAY_CHUNK = 500;

export interface NewEndpoint {
  /** A partner's or a payment provider's code. */
  readonly owner: string;
  readonly url: string;
  readonly types: readonly WebhookEventType[];
}

export interface EndpointChanges {
  readonly url?: string;
  readonly types?: readonly WebhookEventType[];
  readonly active?: boolean;
  /** The version it is based on. */
  readonly version: number;
}

/** Webhooks as people see to them: each change with its line in the audit trail. */
export class Webhooks {
  constructor(
    private readonly database: Database,
    private readonly sealingSecret: Buffer,
    private readonly settings: { readonly anyAddress: boolean },
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Makes an endpoint. It hears of what happens from five seconds later at the latest.
   *
   * @param by `user:<username>`
   * @returns the endpoint and its secret (`whsec_…`), which is shown this once
   * @throws {DomainError<WebhooksErrorCode>} webhook-owner-unknown, webhook-url-refused, webhook-endpoint-exists
   */
  async create(fresh: NewEndpoint, by: string): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
    this.assertUrl(fresh.url);
    const at = this.now();
    const endpointId = newId(at);
    const secret = randomBytes(SECRET_BYTES);
    const endpoint: SealedEndpoint = {
      ...{ endpointId, ...fresh, active: true, disabledReason: null, failingSince: null, version: 1 },
      ...{ secretSealed: seal(this.sealingSecret, secret, contextOf(endpointId)), formerSealed: null },
      ...{ formerUntil: null, changedBy: by, changedAt: at },
    };
    await this.database.transaction(async (tx) => {
      if (!(await isOwner(tx, fresh.owner))) throw new DomainError<WebhooksErrorCode>('webhook-owner-unknown');
      await saveEndpoint(tx, endpoint, true);
      await record(tx, endpoint, 'webhook-endpoint-changed', { ...factsOf(endpoint), isNew: true });
    });
    return { endpoint, secret: webhookSecretText(secret) };
  }

  /**
   * Changes an endpoint that is still as the person saw it. Made active again, it gets what was left waiting.
   *
   * @throws {DomainError<WebhooksErrorCode>} webhook-endpoint-not-found, webhook-endpoint-changed, webhook-url-refused,
   *   webhook-endpoint-exists
   */
  async change(endpointId: Id, changes: EndpointChanges, by: string): Promise<WebhookEndpoint> {
    const { url, types, active, version } = changes;
    if (url !== undefined) this.assertUrl(url);
    return this.database.transaction(async (tx) => {
      const was = await lockEndpoint(tx, endpointId);
      if (was.version !== version) throw new DomainError<WebhooksErrorCode>('webhook-endpoint-changed');
      const isActive = active ?? was.active;
      const endpoint: SealedEndpoint = {
        ...was,
        ...{ url: url ?? was.url, types: types ?? was.types, active: isActive },
        disabledReason: isActive ? null : (was.disabledReason ?? 'person'),
        // A person has seen to it: the days of failure are counted anew.
        failingSince: null,
        ...{ version: version + 1, changedBy: by, changedAt: this.now() },
      };
      await saveEndpoint(tx, endpoint, false);
      await record(tx, endpoint, 'webhook-endpoint-changed', factsOf(endpoint));
      return endpoint;
    });
  }

  /**
   * Gives an endpoint a new secret; until the overlap is over messages are signed with both.
   *
   * @throws {DomainError<WebhooksErrorCode>} webhook-endpoint-not-found, webhook-endpoint-changed
   */
  async rotate(
    endpointId: Id,
    { overlapHours, version }: { readonly overlapHours: number; readonly version: number },
    by: string,
  ): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
    const secret = randomBytes(SECRET_BYTES);
    const endpoint = await this.database.transaction(async (tx) => {
      const was = await lockEndpoint(tx, endpointId);
      if (was.version !== version) throw new DomainError<WebhooksErrorCode>('webhook-endpoint-changed');
      const at = this.now();
      const rotated: SealedEndpoint = {
        ...was,
        ...{ secretSealed: seal(this.sealingSecret, secret, contextOf(endpointId)), formerSealed: was.secretSealed },
        ...{ formerUntil: at + overlapHours * 3_600_000, version: version + 1, changedBy: by, changedAt: at },
      };
      await saveEndpoint(tx, rotated, false);
      await record(tx, rotated, 'webhook-secret-changed', { overlapHours });
      return rotated;
    });
    return { endpoint, secret: webhookSecretText(secret) };
  }

  /**
   * Sends a message once more, under its own id: a receiver that has it will know.
   *
   * @throws {DomainError<WebhooksErrorCode>} webhook-message-not-found, webhook-endpoint-disabled
   */
  async replay(messageId: Id, by: string): Promise<void> {
    const message = await findMessage(this.database, messageId);
    if (!message) throw new DomainError<WebhooksErrorCode>('webhook-message-not-found');
    const endpoint = await this.activeEndpoint(message.endpointId);
    await this.database.transaction(async (tx) => {
      const at = this.now();
      await replayMessage(tx, messageId, new Date(at));
      await record(tx, { ...endpoint, changedBy: by, changedAt: at }, 'webhook-replayed', { messageId });
    });
  }

  /**
   * Sends once more everything that an endpoint was told of since an instant, delivered or not.
   *
   * @returns how many messages
   * @throws {DomainError<WebhooksErrorCode>} webhook-endpoint-not-found, webhook-endpoint-disabled
   */
  async replaySince(endpointId: Id, since: InstantMs, by: string): Promise<number> {
    const endpoint = await this.activeEndpoint(endpointId);
    const at = this.now();
    // Ids begin with the time: the range ends here, so that what comes in meanwhile is left alone.
    let after: Buffer = idPrefix(since, 0x00);
    const through = idPrefix(at, 0xff);
    await this.database.transaction((tx) =>
      record(tx, { ...endpoint, changedBy: by, changedAt: at }, 'webhook-replayed', {
        since: new Date(since).toISOString(),
      }),
    );
    for (let count = 0; ;) {
      const from = after;
      const some = await this.database.transaction((tx) =>
        replaySome(tx, endpointId, { after: from, through, at: new Date(at), limit: REPLAY_CHUNK }),
      );
      count += some.count;
      if (!some.last || some.count < REPLAY_CHUNK) return count;
      after = some.last;
    }
  }

  private async activeEndpoint(endpointId: Id): Promise<WebhookEndpoint> {
    const endpoint = await findEndpoint(this.database, endpointId);
    if (!endpoint) throw new DomainError<WebhooksErrorCode>('webhook-endpoint-not-found');
    if (!endpoint.active) throw new DomainError<WebhooksErrorCode>('webhook-endpoint-disabled');
    return endpoint;
  }

  private assertUrl(url: string): void {
    if (!isAllowedUrl(url, this.settings.anyAddress)) throw new DomainError<WebhooksErrorCode>('webhook-url-refused');
  }
}

/** The lowest or highest id of a millisecond. */
function idPrefix(at: InstantMs, fill: number): Buffer {
  const id = idToBytes(newId(Math.max(0, at)));
  return id.fill(fill, 6);
}

/** The URL may have a secret in its path, so the trail has its host alone. */
function factsOf({ owner, url, types, active }: WebhookEndpoint): AuditFacts {
  return { owner, host: new URL(url).host, types: types.join(','), active };
}

async function record(
  tx: Tx,
  { endpointId, changedBy, changedAt }: Pick<WebhookEndpoint, 'endpointId' | 'changedBy' | 'changedAt'>,
  action: AuditAction,
  detail: AuditFacts,
): Promise<void> {
  await recordAudit(tx, { actor: changedBy, action, subject: `webhook-endpoint:${endpointId}`, detail, at: changedAt });
}
