import { createHash } from 'node:crypto';
import type { InstantMs } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import { z } from 'zod';
import type { GatewayRooms } from '../gateway';
import { GatewayHttp } from '../gateway-http';
import { credential, readSettings, timeoutSetting, urlSetting } from '../gateway-settings';
import { GatewayTokenRow } from '../store/gateway-tokens';
import { grantAnswer, readAnswer, type BkashAnswer } from './bkash.wire';
import { SharedToken, type GrantOutcome } from './shared-token';

const settings = z.object({
  /** With the version: `https://tokenized.pay.bka.sh/v1.2.0-beta`. */
  baseUrl: urlSetting,
  /** Which refunds the merchant's contract has. */
  refundApi: z.enum(['v1', 'v2']).default('v1'),
  /** Where version 2 lives, when it is not beside the base URL. */
  refundUrl: urlSetting.optional(),
  timeoutMs: timeoutSetting,
});
const credentials = z.object({ username: credential, password: credential, appKey: credential, appSecret: credential });
type BkashSettings = z.output<typeof settings> & z.output<typeof credentials>;

const JSON_TYPE = { 'content-type': 'application/json' };

/** bKash's calls over HTTP: each with the shared token, and once more with a new one when that is refused. */
export class BkashClient {
  readonly settings: BkashSettings;
  private readonly http: GatewayHttp;
  private readonly token: SharedToken;

  /** @throws {DomainError} provider-misconfigured */
  constructor(provider: Provider, { database, sealingSecret }: GatewayRooms, now: () => InstantMs) {
    this.settings = readSettings(provider, settings, credentials);
    const { timeoutMs, username, password, appKey, appSecret } = this.settings;
    this.http = new GatewayHttp(timeoutMs);
    const mark = createHash('sha256')
      .update(JSON.stringify([username, password, appKey, appSecret]))
      .digest('hex');
    const row = new GatewayTokenRow(database, sealingSecret, provider.code, mark);
    this.token = new SharedToken(row, (refreshToken) => this.grant(refreshToken), timeoutMs, now);
  }

  /** @throws {DomainError} gateway-unavailable: there is no token to call with, and nothing was sent */
  checkout(path: string, body: object): Promise<BkashAnswer> {
    return this.authorized(`${this.settings.baseUrl}/tokenized/checkout/${path}`, body);
  }

  /** Version 2 of the refunds. @throws as `checkout` */
  refundV2(path: string, body: object): Promise<BkashAnswer> {
    const { refundUrl, baseUrl } = this.settings;
    return this.authorized(`${refundUrl ?? `${new URL(baseUrl).origin}/v2`}/tokenized-checkout/refund/${path}`, body);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async authorized(url: string, body: object): Promise<BkashAnswer> {
    const first = await this.token.get();
    const answer = await this.send(url, first, body);
    if (answer.kind !== 'unauthorized') return answer;
    return this.send(url, await this.token.get(first), body);
  }

  private async send(url: string, idToken: string, body: object): Promise<BkashAnswer> {
    const headers = { ...JSON_TYPE, authorization: idToken, 'x-app-key': this.settings.appKey };
    return readAnswer(await this.http.call({ method: 'POST', url, headers, body: JSON.stringify(body) }));
  }

  private async grant(refreshToken: string | undefined): Promise<GrantOutcome> {
    const { baseUrl, username, password, appKey, appSecret } = this.settings;
    const outcome = await this.http.call({
      method: 'POST',
      url: `${baseUrl}/tokenized/checkout/token/${refreshToken === undefined ? 'grant' : 'refresh'}`,
      headers: { ...JSON_TYPE, username, password },
      body: JSON.stringify({ app_key: appKey, app_secret: appSecret, refresh_token: refreshToken }),
    });
    if (outcome.kind === 'none') return { failed: outcome.reason, sent: outcome.sent };
    const answer = readAnswer(outcome);
    const granted = answer.kind === 'ok' ? grantAnswer.safeParse(answer.body).data : undefined;
    if (!granted)
      return { failed: answer.kind === 'code' ? `token-refused-${answer.code}` : 'token-refused', sent: true };
    const { id_token: idToken, refresh_token, expires_in: expiresInSeconds } = granted;
    return { granted: { idToken, refreshToken: refresh_token, expiresInSeconds } };
  }
}
