import type { AccountFacts, LastTokens, MeterFacts } from '@vend/inbound';
import type { Id, InstantMs } from '@vend/kernel';
import type { VendingService } from '@vend/vending';

/** Far enough back for a recharge among fees and clear-tampers. */
const VENDS_LOOKED_AT = 10;

/** Gives answers their facts out of the vends. */
export class VendingFacts implements MeterFacts {
  constructor(private readonly vending: VendingService) {}

  async accountOf(meterId: Id, at: InstantMs): Promise<AccountFacts> {
    const [account, vends] = await Promise.all([
      this.vending.accountOf(meterId, at),
      this.vending.lastOf(meterId, VENDS_LOOKED_AT),
    ]);
    if (!account) throw new Error('a meter that is there no more');
    const last = vends.find(({ vend }) => vend!.kind === 'credit')?.vend;
    return { ...account, last: last ? { at: last.issuedAt, grossPaisa: last.amounts.grossPaisa } : null };
  }

  async lastTokensOf(meterId: Id): Promise<LastTokens | null> {
    const vends = await this.vending.lastOf(meterId, VENDS_LOOKED_AT);
    const vend = vends.find((each) => each.vend!.tokens.length > 0)?.vend;
    return vend ? { vendId: vend.vendId, at: vend.issuedAt, tokens: vend.tokens.length } : null;
  }
}
