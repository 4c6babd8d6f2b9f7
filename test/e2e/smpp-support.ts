import { SmscCenter } from '../../apps/sandbox/smsc/smsc-center';
import { smscFaults } from '../../apps/sandbox/smsc/smsc-settings';
import { SmppGateway, type SmppGatewayOptions, type SmppLinkOptions } from '@vend/sms';

export const PASSWORD = 'pw-inv3n';

/** A link to a centre on this machine, quick to notice and quick to come back. */
export function linkTo(port: number, extra: Partial<SmppLinkOptions> = {}): SmppLinkOptions {
  return {
    name: 'link-a',
    host: '127.0.0.1',
    port,
    systemId: 'vend',
    password: PASSWORD,
    source: 'NESCO',
    reconnectMinMs: 10,
    reconnectMaxMs: 50,
    throttleMinMs: 10,
    throttleMaxMs: 50,
    responseTimeoutMs: 2000,
    ...extra,
  };
}

export interface SmscWorld {
  readonly center: SmscCenter;
  readonly port: number;
  faults(settings: Record<string, unknown>): void;
  gateway(options?: Partial<SmppGatewayOptions>, ...links: Partial<SmppLinkOptions>[]): SmppGateway;
  close(): Promise<void>;
}

/** A short message centre of its own, and gateways that are closed with it. */
export async function openSmscWorld(): Promise<SmscWorld> {
  const center = new SmscCenter();
  const port = await center.listen(0);
  const gateways: SmppGateway[] = [];
  return {
    center,
    port,
    faults: (settings) => center.setFaults(smscFaults.parse(settings)),
    gateway: (options = {}, ...links) => {
      const gateway = new SmppGateway({
        links: (links.length > 0 ? links : [{}]).map((each) => linkTo(port, each)),
        maxWaitMs: 2000,
        ...options,
      });
      gateways.push(gateway);
      return gateway;
    },
    close: async () => {
      await Promise.all(gateways.map((each) => each.close()));
      await center.close();
    },
  };
}

/** Awaits a condition; fails with its name when it does not come to hold. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`did not come to hold: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
