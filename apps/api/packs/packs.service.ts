import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Tills } from '@vend/counter';
import { Approvals, recordAudit, useApproval, type SessionUser } from '@vend/identity';
import { DomainError, formatInstant, formatTaka, isId, parseTaka, type Id } from '@vend/kernel';
import { MetersService } from '@vend/meters';
import { sealPackFile } from '@vend/packfile';
import { Database } from '@vend/platform';
import { OfflinePacks, PACK_ITEMS_MAX } from '@vend/vending';
import { FieldsInvalid } from '../http/field.pipe';
import { creditedView } from '../http/format';
import { packView, type PackDto, type PackRequest, type ReconcileRequest } from './pack.dto';

/** Offline packs, in HTTP's words. */
@Injectable()
export class PacksService {
  constructor(
    private readonly database: Database,
    private readonly meters: MetersService,
    private readonly packs: OfflinePacks,
    private readonly approvals: Approvals,
    private readonly tills: Tills,
  ) {}

  async prepare(user: SessionUser, key: Id, { lines, reason }: PackRequest) {
    await this.tills.refuseAgents(user);
    const items = lines.reduce((sum, line) => sum + line.items, 0);
    if (items === 0 || items > PACK_ITEMS_MAX) throw new FieldsInvalid([{ field: 'lines', code: 'field-malformed' }]);
    const totalPaisa = lines.reduce((sum, line) => sum + parseTaka(line.amount) * BigInt(line.items), 0n);
    const list = lines.map(({ meterNo, amount, items: n }) => [meterNo, formatTaka(parseTaka(amount)), n]);
    const gate = await this.approvals.gate({
      kind: 'offline-pack',
      key,
      subject: `station:${user.station}`,
      content: {
        station: user.station,
        meters: lines.length,
        items,
        totalTaka: formatTaka(totalPaisa),
        // The list itself is too long to store here; the hash says that it is this one.
        listSha256: createHash('sha256').update(JSON.stringify(list)).digest('hex'),
      },
      reason,
      by: user,
    });
    if (gate.state === 'pending') return { state: 'pending' as const, approvalId: gate.approvalId };
    const resolved = [];
    for (const { meterNo, amount, items: n } of lines) {
      const meter = await this.meters.resolve(meterNo);
      if (!meter) throw new DomainError('pack-meter-refused', { meterNo, reason: 'meter-not-found' });
      resolved.push({ meterId: meter.meterId, grossPaisa: parseTaka(amount), items: n });
    }
    const actor = `user:${user.username}`;
    const { pack, repeated } = await this.packs.prepare({
      ...{ packId: key, station: user.station, actor, reason, lines: resolved },
      alongside: async (tx, { packId }, at) => {
        await useApproval(tx, gate.approvalId, `pack:${packId}`, at);
        const detail = { items, totalTaka: formatTaka(totalPaisa), approvalId: gate.approvalId };
        await recordAudit(tx, { actor, action: 'pack-prepared', subject: `pack:${packId}`, detail, at });
      },
    });
    return {
      state: repeated ? ('repeated' as const) : ('done' as const),
      answer: await this.show(user, pack.packId),
    };
  }

  async show(user: SessionUser, packId: string): Promise<PackDto> {
    return packView(await this.visible(user, packId));
  }

  /** The sealed file, with every token in it: who took it, and when, is on record first. */
  async exportFile(user: SessionUser, packId: string, passphrase: string): Promise<string> {
    const { pack, items } = await this.visible(user, packId);
    const refs = new Map(
      await Promise.all(
        [...new Set(items.map(({ meterId }) => meterId))].map(
          async (meterId) => [meterId, (await this.meters.byId(meterId))!] as const,
        ),
      ),
    );
    const open = items.filter(({ state }) => state === 'OPEN');
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        ...{ actor: `user:${user.username}`, action: 'pack-exported', subject: `pack:${pack.packId}` },
        ...{ detail: { items: open.length, station: user.station }, at: Date.now() },
      }),
    );
    const { station, preparedAt } = pack;
    return sealPackFile(
      { packId: pack.packId, station, preparedAt: formatInstant(preparedAt) },
      open.map(({ itemId, meterId, place, amounts, token }) => {
        const credited = creditedView(token.subclass, token.creditedUnits);
        return {
          ...{ itemId, place, meterNo: refs.get(meterId)!.pan, customerNo: refs.get(meterId)!.customerNo },
          amount: formatTaka(amounts.grossPaisa),
          vat: formatTaka(amounts.vatPaisa),
          rebate: formatTaka(amounts.rebatePaisa),
          energyMoney: formatTaka(amounts.energyPaisa),
          carried: formatTaka(amounts.remainderOutPaisa),
          credits: `${credited.amount} ${credited.unit === 'BDT' ? 'Tk' : 'kWh'}`,
          digits: token.digits,
        };
      }),
      passphrase,
    );
  }

  /** A journal may come in at any station: the money is of the pack's. */
  async reconcile(user: SessionUser, packId: string, { used, withdraw }: ReconcileRequest): Promise<PackDto> {
    const { pack } = await this.found(packId, 'all');
    const actor = `user:${user.username}`;
    const uses = used.map(({ item, usedAt }) => ({ itemId: item, usedAt: Date.parse(usedAt) }));
    await this.packs.reconcile(pack, uses, {
      actor,
      alongside: (tx, item, vendId) =>
        recordAudit(tx, {
          ...{ actor, action: 'pack-item-booked', subject: `pack:${pack.packId}`, at: Date.now() },
          detail: { item, vendId, station: user.station },
        }),
    });
    if (withdraw) {
      await this.packs.withdraw(pack.packId, actor, (tx, items, at) =>
        recordAudit(tx, {
          ...{ actor, action: 'pack-withdrawn', subject: `pack:${pack.packId}`, at },
          detail: { items, station: user.station },
        }),
      );
    }
    return packView(await this.found(packId, 'all'));
  }

  private visible(user: SessionUser, packId: string) {
    return this.found(packId, user.role === 'clerk' || user.role === 'supervisor' ? [user.station] : 'all');
  }

  private found(packId: string, stations: 'all' | readonly string[]) {
    if (!isId(packId)) throw new DomainError('pack-not-found');
    return this.packs.find(packId, stations);
  }
}
