import { DomainError } from '@vend/kernel';
import { tokenFingerprint } from '@vend/keystore';
import type { KeystoreErrorCode, ManagementRequest, MeterKey } from '@vend/keystore';
import { encodeTestDisplay, refusalCode } from '@vend/sts';
import type { CallerRules } from '../callers/caller-policy';
import { encodeManagementToken } from '../wire/answers';
import type { WireManagementRequest, WireTestDisplay } from '../wire/requests';
import { usesSample } from './ask';
import type { Ask, MadeTokens, Maker } from './ask';
import { assertBaseDateCame, canonicalMeter, isRequestId, meterFromWire, refuse } from './meter';

/** A management token to be made: class 2 for one meter, class 1 for whoever types it. */
export function managementAsk(wire: WireManagementRequest): Ask {
  if (!isRequestId(wire.requestId)) return refuse('request-malformed', 'request_id');
  const { command, tid, rnd } = wire;
  if (!command) return refuse('request-malformed', 'command');
  if (command.kind === 'test-display') return new TestDisplayAsk(wire.requestId, command.test);
  const { kind, value } = command;
  return new ManagementAsk(wire.requestId, meterFromWire(wire.meter), { kind, value, tid, rnd });
}

class ManagementAsk implements Ask {
  readonly kind = 'management';
  readonly content: string;

  constructor(
    readonly requestId: string,
    private readonly meter: MeterKey,
    private readonly request: ManagementRequest,
  ) {
    const { kind, value, tid, rnd } = request;
    this.content = `management|${canonicalMeter(meter)}|${kind}|${value}|${tid}|${rnd}`;
  }

  get supplyGroups(): readonly string[] {
    return [this.meter.sgc];
  }

  get subject() {
    const { pan, sgc, krn } = this.meter;
    return { pan, sgc, krn, tid: this.request.tid };
  }

  forbiddenBy(rules: CallerRules): boolean {
    return !rules.managementKinds.includes(this.request.kind);
  }

  async make(maker: Maker): Promise<MadeTokens> {
    const { meter, request } = this;
    assertBaseDateCame(meter, maker.now);
    const token = await maker.module.issueManagement(meter, request);
    const { pan, sgc, krn, ea } = meter;
    const { subclass, value } = token;
    const detail = { command: request.kind };
    const fingerprints = [tokenFingerprint(this.requestId, token.digits)];
    return {
      answer: encodeManagementToken({ ...token, tokenClass: 2 }, usesSample(maker, ea)),
      credit: null,
      line: {
        kind: 'management',
        ...{ pan, subclass, units: value, sgc, krn, tid: request.tid, fingerprints, outcome: 'issued', detail },
      },
    };
  }
}

/** Not encrypted and the same for every meter: no key, no supply group, no TID. */
class TestDisplayAsk implements Ask {
  readonly kind = 'management';
  readonly content: string;
  readonly supplyGroups: readonly string[] = [];
  readonly subject = {};

  constructor(
    readonly requestId: string,
    private readonly test: WireTestDisplay,
  ) {
    this.content = `management|test-display|${test.subclass}|${test.manufacturer}|${test.control}`;
  }

  forbiddenBy(rules: CallerRules): boolean {
    return !rules.managementKinds.includes('test-display');
  }

  make(): Promise<MadeTokens> {
    try {
      const { digits, subclass } = encodeTestDisplay(this.test);
      const token = { digits, tokenClass: 1, subclass, value: 0n, kcv: '' } as const;
      const detail = { command: 'test-display' };
      const fingerprints = [tokenFingerprint(this.requestId, digits)];
      return Promise.resolve({
        answer: encodeManagementToken(token, false),
        credit: null,
        line: { kind: 'management', subclass, fingerprints, outcome: 'issued', detail },
      });
    } catch (error) {
      const theirs = refusalCode(error);
      if (!theirs) throw error;
      const ours: KeystoreErrorCode = theirs === 'bad-subclass' ? 'subclass-unsupported' : 'value-out-of-range';
      return Promise.reject(new DomainError(ours));
    }
  }
}
