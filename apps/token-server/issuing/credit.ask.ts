import { tokenFingerprint } from '@vend/keystore';
import type { CreditRequest, MeterKey } from '@vend/keystore';
import { encodeCreditToken } from '../wire/answers';
import type { WireCreditRequest } from '../wire/requests';
import { usesSample } from './ask';
import type { Ask, MadeTokens, Maker } from './ask';
import { assertBaseDateCame, canonicalMeter, isRequestId, meterFromWire, refuse } from './meter';

/** A credit token to be made. */
export class CreditAsk implements Ask {
  readonly kind = 'credit';

  private constructor(
    readonly requestId: string,
    readonly content: string,
    private readonly meter: MeterKey,
    private readonly request: CreditRequest,
  ) {}

  /** @throws {DomainError} when the form is wrong */
  static of(wire: WireCreditRequest): CreditAsk {
    const { requestId, subclass, tid, rnd, amountUnits } = wire;
    if (!isRequestId(requestId)) return refuse('request-malformed', 'request_id');
    if (subclass !== 0 && subclass !== 4) return refuse('subclass-unsupported', 'subclass');
    const meter = meterFromWire(wire.meter);
    const content = `credit|${canonicalMeter(meter)}|${subclass}|${tid}|${rnd}|${amountUnits}`;
    return new CreditAsk(requestId, content, meter, { subclass, tid, rnd, amountUnits });
  }

  get supplyGroups(): readonly string[] {
    return [this.meter.sgc];
  }

  get subject() {
    const { pan, sgc, krn } = this.meter;
    const { tid, subclass, amountUnits } = this.request;
    return { pan, sgc, krn, tid, subclass, units: amountUnits };
  }

  forbiddenBy(): boolean {
    return false;
  }

  async make(maker: Maker): Promise<MadeTokens> {
    const { meter, request } = this;
    assertBaseDateCame(meter, maker.now);
    const token = await maker.module.issueCredit(meter, request);
    const { subclass, tid } = request;
    const units = token.creditedUnits;
    const { pan, sgc, krn } = meter;
    const fingerprints = [tokenFingerprint(this.requestId, token.digits)];
    return {
      answer: encodeCreditToken(token, usesSample(maker, meter.ea)),
      credit: { subclass, units },
      line: { kind: 'credit', pan, subclass, units, sgc, krn, tid, fingerprints, outcome: 'issued' },
    };
  }
}
