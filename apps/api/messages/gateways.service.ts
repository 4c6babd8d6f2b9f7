import { createHmac } from 'node:crypto';
import { Approvals, recordAudit, useApproval, type SessionUser } from '@vend/identity';
import { DomainError, formatInstant, type Id } from '@vend/kernel';
import { outboxFigures, type Database } from '@vend/platform';
import { GATEWAY_TERMS, gatewayHealth, listGateways, parseGateway, saveGateway, type GatewayChange } from '@vend/sms';
import { FieldsInvalid } from '../http/field.pipe';
import { gatewayView, type GatewayDto, type GatewayRequest, type GatewaysDto } from './gateway.dto';

/** What of the outbox is SMS. */
const QUEUES: ReadonlySet<string> = new Set([
  ...['receipt', 'sms-token', 'sms-code', 'sms-pending', 'sms-reminder', 'sms-notice'],
]);

/** The gateways for people: how they are, and how they are changed, by two of them. */
export class GatewaysService {
  constructor(
    private readonly database: Database,
    private readonly approvals: Approvals,
    private readonly sealingSecret: Buffer,
  ) {}

  async list(): Promise<GatewaysDto> {
    const now = new Date();
    const [records, health, figures] = await Promise.all([
      listGateways(this.database),
      gatewayHealth(this.database, now),
      outboxFigures(this.database),
    ]);
    const queues = [...QUEUES].map((queue) => {
      const figure = figures.find(({ topic }) => topic === queue);
      return { queue, waiting: figure?.rows ?? 0, oldest: figure ? formatInstant(figure.oldest.getTime()) : null };
    });
    const byCode = new Map(health.map((each) => [each.gateway, each]));
    return { items: records.map((record) => gatewayView(record, byCode.get(record.code))), queues };
  }

  /** Waits for a second person; then changes the gateway and answers with it. A repeat answers the same. */
  async change(
    user: SessionUser,
    key: Id,
    code: string,
    request: GatewayRequest,
  ): Promise<{ pending: Id } | { done: GatewayDto }> {
    const change = changeOf(code, request, `user:${user.username}`);
    const { gateway, terms, secret, version } = change;
    const subject = `sms-gateway:${code}`;
    const gate = await this.approvals.gate({
      ...{ kind: 'sms-gateway', key, subject, reason: request.reason, by: user },
      content: {
        ...{ profile: gateway.profile, settings: JSON.stringify(gateway.settings), prefixes: terms.prefixes.join(',') },
        ...{ costPaisa: terms.costPaisa, priority: terms.priority, maxPerSecond: terms.maxPerSecond, version },
        ...{ shares: request.shares ?? '', enabled: terms.enabled, secret: this.fingerprint(code, secret) },
      },
    });
    if (gate.state === 'pending') return { pending: gate.approvalId };
    const now = new Date();
    await this.database
      .transaction(async (tx) => {
        await useApproval(tx, gate.approvalId, subject, now.getTime());
        await saveGateway(tx, this.sealingSecret, change, now);
        await recordAudit(tx, {
          ...{ actor: change.by, action: 'sms-gateway-changed', subject, at: now.getTime() },
          detail: {
            version: version + 1,
            enabled: terms.enabled,
            secretChanged: secret !== null,
            approvalId: gate.approvalId,
          },
        });
      })
      .catch((error: unknown) => {
        // A repeat of what is done: the answer is how it is now.
        if (!(error instanceof DomainError && error.code === 'approval-used')) throw error;
      });
    const done = (await this.list()).items.find((each) => each.code === code);
    if (!done) throw new DomainError('gateway-not-found');
    return { done };
  }

  /** Tells the second person and a repeat whether it is the same secret, and nobody what it is. */
  private fingerprint(code: string, secret: string | null): string | null {
    if (secret === null) return null;
    return createHmac('sha256', this.sealingSecret).update(`sms-gateway:${code}:${secret}`).digest('hex').slice(0, 16);
  }
}

/** @throws {FieldsInvalid | DomainError} `gateway-settings-wrong` */
function changeOf(code: string, request: GatewayRequest, by: string): GatewayChange {
  let settings: unknown;
  try {
    settings = JSON.parse(request.settings);
  } catch {
    throw new FieldsInvalid([{ field: 'settings', code: 'field-malformed' }]);
  }
  const shares = request.shares?.split(',').map((share) => share.split('=') as [string, string]);
  const { costPaisa, priority, maxPerSecond, enabled, version, secret = null } = request;
  try {
    const terms = GATEWAY_TERMS.parse({
      ...{ costPaisa, priority, maxPerSecond, enabled, prefixes: request.prefixes?.split(',') ?? [] },
      ...(shares && { shares: Object.fromEntries(shares.map(([name, part]) => [name, Number(part)])) }),
    });
    return { code, gateway: parseGateway(request.profile, settings), terms, secret, version, by };
  } catch (error) {
    throw new DomainError('gateway-settings-wrong', {}, { cause: error });
  }
}
