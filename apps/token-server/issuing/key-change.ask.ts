import { tokenFingerprint } from '@vend/keystore';
import type { KeyChangeRequest, MeterKey } from '@vend/keystore';
import { encodeKeyChangeSet } from '../wire/answers';
import type { WireKeyChangeRequest, WireKeyTarget } from '../wire/requests';
import { usesSample } from './ask';
import type { Ask, MadeTokens, Maker } from './ask';
import { canonicalMeter, isRequestId, meterFromWire, refuse } from './meter';

type Target = KeyChangeRequest['target'];

/** A set of key-change tokens to be made. */
export class KeyChangeAsk implements Ask {
  readonly kind = 'key-change';
  readonly content: string;

  private constructor(
    readonly requestId: string,
    private readonly meter: MeterKey,
    private readonly target: Target,
    private readonly withSupplyGroup: boolean,
  ) {
    const { sgc, krn, ti, kt } = target;
    this.content = `key-change|${canonicalMeter(meter)}|${sgc}|${krn}|${ti}|${kt}|${withSupplyGroup}`;
  }

  /** @throws {DomainError} when the form is wrong */
  static of(wire: WireKeyChangeRequest): KeyChangeAsk {
    if (!isRequestId(wire.requestId)) return refuse('request-malformed', 'request_id');
    const meter = meterFromWire(wire.meter);
    return new KeyChangeAsk(wire.requestId, meter, targetFromWire(wire.target), wire.withSupplyGroup);
  }

  get supplyGroups(): readonly string[] {
    return [this.meter.sgc, this.target.sgc];
  }

  get subject() {
    const { pan, sgc, krn } = this.meter;
    return { pan, sgc, krn };
  }

  forbiddenBy(): boolean {
    return false;
  }

  async make(maker: Maker): Promise<MadeTokens> {
    const { meter, target, withSupplyGroup } = this;
    const set = await maker.module.issueKeyChange(meter, { target, withSupplyGroup, now: maker.now });
    const { pan, sgc, krn, ea } = meter;
    const { sgc: toSgc, krn: toKrn, ti: toTi, baseDate: toBaseDate } = set.after;
    const detail = { toSgc, toKrn, toTi, toBaseDate, rollover: set.rollover };
    const fingerprints = set.tokens.map((digits) => tokenFingerprint(this.requestId, digits));
    return {
      answer: encodeKeyChangeSet(set, usesSample(maker, ea)),
      credit: null,
      line: { kind: 'key-change', pan, sgc, krn, fingerprints, outcome: 'issued', detail },
    };
  }
}

function targetFromWire(wire: WireKeyTarget | null): Target {
  if (!wire) return refuse('request-malformed', 'target');
  const { sgc, krn, ti, kt } = wire;
  if (kt > 3) return refuse('meter-identity-invalid', 'kt');
  return { sgc, krn, ti, kt: kt as Target['kt'] };
}
