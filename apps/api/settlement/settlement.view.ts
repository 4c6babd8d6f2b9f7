import { formatInstant, type Id } from '@vend/kernel';
import {
  actionsFor,
  sumOfSide,
  type Break,
  type Settlement,
  type SettlementDay,
  type StatementImport,
} from '@vend/settlement';
import { moneyView } from '../http/format';
import { describe } from '../http/problems';
import type { BreakDetailDto, BreakDto, SettlementDayDto, StatementImportDto } from './settlement.dto';

export function statementImportView(job: StatementImport): StatementImportDto {
  const words = job.refusal ? describe(job.refusal.code) : undefined;
  const part = job.state === 'DONE' ? 1 : job.totalBytes === 0 ? 0 : Math.min(1, job.doneBytes / job.totalBytes);
  const { id, kind, provider, day, rule, state, countsNow, fileName, sha256, formatVersion } = job;
  const { rows, stored, known, rejected } = job;
  return {
    ...{ id, kind, provider, day, rule, state, countsNow, fileName, sha256, formatVersion },
    madeAt: formatInstant(job.madeAt),
    endedAt: job.endedAt === null ? null : formatInstant(job.endedAt),
    ...{ rows, stored, known, rejected },
    percent: Math.floor(part * 100),
    refusal: job.refusal ? { ...job.refusal, en: words?.en ?? '', bn: words?.bn ?? '' } : null,
  };
}

/** A day by side and bucket; batches are put together, for people look at them below. */
export function settlementDayView({ provider, day, matchedAt, totals, batches }: SettlementDay): SettlementDayDto {
  const byBucket = new Map<string, SettlementDay['totals'][number]>();
  for (const total of totals) {
    const key = `${total.side} ${total.bucket}`;
    const sum = byBucket.get(key);
    byBucket.set(key, {
      ...total,
      count: total.count + (sum?.count ?? 0),
      amountPaisa: total.amountPaisa + (sum?.amountPaisa ?? 0n),
      feePaisa: total.feePaisa + (sum?.feePaisa ?? 0n),
      vatPaisa: total.vatPaisa + (sum?.vatPaisa ?? 0n),
    });
  }
  const side = (name: 'ours' | 'theirs') => {
    const { count, amountPaisa } = sumOfSide(totals, name);
    return { count, amount: moneyView(amountPaisa) };
  };
  return {
    ...{ provider, day, matchedAt: formatInstant(matchedAt), ours: side('ours'), theirs: side('theirs') },
    totals: [...byBucket.values()].map((total) => ({
      ...{ side: total.side, bucket: total.bucket, count: total.count },
      ...{ amount: moneyView(total.amountPaisa), fee: moneyView(total.feePaisa), vat: moneyView(total.vatPaisa) },
    })),
    batches: batches.map((batch) => ({
      batch: batch.batch,
      gross: moneyView(batch.amountPaisa),
      fee: moneyView(batch.feePaisa),
      net: moneyView(batch.amountPaisa - batch.feePaisa),
      vat: moneyView(batch.vatPaisa),
      credited: [...batch.credited].map(([account, paisa]) => ({
        account: `bank:${account}`,
        amount: moneyView(paisa),
      })),
    })),
  };
}

/** @param numbers of its case, by id */
export function breakView(broken: Break, numbers: ReadonlyMap<Id, string>): BreakDto {
  const { breakId: id, provider, trxId: transaction, bucket, day, state, rechargeId, batch } = broken;
  return {
    ...{ id, provider, transaction, bucket, day, state, rechargeId, batch },
    ours: moneyView(broken.oursPaisa),
    theirs: moneyView(broken.theirsPaisa),
    reference: broken.billerRef,
    caseNo: broken.caseId ? (numbers.get(broken.caseId) ?? null) : null,
    raisedAt: formatInstant(broken.raisedAt),
    actions: state === 'OPEN' || state === 'CLAIMED' ? actionsFor(broken) : [],
  };
}

export function breakDetailView(
  { broken, done }: Awaited<ReturnType<Settlement['break']>>,
  numbers: ReadonlyMap<Id, string>,
): BreakDetailDto {
  return {
    ...breakView(broken, numbers),
    done: done.map(({ action, amountPaisa, rechargeId, approvalId, reason, by, at }) => ({
      ...{ action, amount: moneyView(amountPaisa), rechargeId, approvalId, reason, by, at: formatInstant(at) },
    })),
  };
}
