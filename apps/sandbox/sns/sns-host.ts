import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { PlayedProvider } from '../providers/providers-file';

/** Amazon's side over TLS: certificates to be fetched, and the address that is visited to subscribe. */
export class SnsHost {
  private server: Server | undefined;
  private base = '';
  private readonly confirmed = new Map<string, number>();

  /** @param webhooks whose certificates it has; the first one’s `outside` has the host’s own as well */
  async listen(port: number, host: string, webhooks: () => Promise<readonly PlayedProvider[]>): Promise<void> {
    const [first] = await webhooks();
    if (!first) return;
    const { tlsKey: key, tlsCertificate: cert } = first.outside;
    this.server = createServer({ key, cert }, (request, response) => {
      void this.answer(new URL(request.url ?? '/', 'https://sandbox.invalid'), webhooks).then(
        ({ status, text, location }) => {
          response.writeHead(status, { 'content-type': 'text/plain', ...(location && { location }) }).end(text);
        },
      );
    });
    await new Promise<void>((resolve) => this.server!.listen(port, host, resolve));
    const address = this.server.address() as AddressInfo;
    this.base = `https://${host === '0.0.0.0' ? 'sandbox' : host}:${address.port}`;
  }

  /** Where a webhook's certificate is fetched; undefined while nobody listens. */
  certificateUrl(code: string): string | undefined {
    return this.server && `${this.base}/SimpleNotificationService-${code}.pem`;
  }

  /** How often a topic's subscription was confirmed. */
  confirmations(topicArn: string): number {
    return this.confirmed.get(topicArn) ?? 0;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }

  private async answer(
    { pathname, searchParams }: URL,
    webhooks: () => Promise<readonly PlayedProvider[]>,
  ): Promise<{ status: number; text: string; location?: string }> {
    const topic = searchParams.get('TopicArn');
    if (searchParams.get('Action') === 'ConfirmSubscription' && topic !== null) {
      this.confirmed.set(topic, this.confirmations(topic) + 1);
      return { status: 200, text: '<ConfirmSubscriptionResponse/>' };
    }
    const [, way = '', code] = /^\/(SimpleNotificationService|moved)-([\w.-]+)\.pem$/.exec(pathname) ?? [];
    const found = (await webhooks()).find((each) => each.code === code);
    if (!found) return { status: 404, text: 'not found' };
    if (way === 'moved') return { status: 302, text: '', location: `/SimpleNotificationService-${code}.pem` };
    return { status: 200, text: found.outside['signingCertificate'] ?? '' };
  }
}
