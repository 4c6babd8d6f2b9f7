import { parseTaka } from '@vend/kernel';
import { checkArrearsPlan, type ArrearsPlan } from '@vend/tariff';
import { FieldsInvalid } from '../http/field.pipe';
import type { ArrearsImportRequest } from './counter-money.dto';

/** The plan that a request describes; null: none. @throws {FieldsInvalid} naming what is missing or wrong */
export function arrearsPlanOf(body: Omit<ArrearsImportRequest, 'amount' | 'paper' | 'reason'>): ArrearsPlan | null {
  if (body.plan === 'none') return null;
  const capBp = basisPoints('capBp', body.capBp);
  if (body.plan === 'percent') {
    return checked('percentBp', {
      kind: 'percent',
      percentBp: basisPoints('percentBp', body.percentBp),
      floorPaisa: body.floor === undefined ? 0n : parseTaka(body.floor),
      ceilingPaisa: body.ceiling === undefined ? null : parseTaka(body.ceiling),
      capBp,
    });
  }
  const { monthly, firstMonth } = body;
  if (monthly === undefined) throw new FieldsInvalid([{ field: 'monthly', code: 'field-missing' }]);
  if (firstMonth === undefined) throw new FieldsInvalid([{ field: 'firstMonth', code: 'field-missing' }]);
  if (!/^20\d{2}-(?:0[1-9]|1[0-2])$/.test(firstMonth)) {
    throw new FieldsInvalid([{ field: 'firstMonth', code: 'field-malformed' }]);
  }
  return checked('monthly', {
    kind: 'instalment',
    monthlyPaisa: parseTaka(monthly),
    firstMonth: Number(firstMonth.replace('-', '')),
    capBp,
  });
}

function basisPoints(field: string, text: string | undefined): bigint {
  if (text === undefined) throw new FieldsInvalid([{ field, code: 'field-missing' }]);
  if (!/^\d{1,5}$/.test(text)) throw new FieldsInvalid([{ field, code: 'field-malformed' }]);
  return BigInt(text);
}

/** What the plan's own rules say against it is said of the field. */
function checked(field: string, plan: ArrearsPlan): ArrearsPlan {
  try {
    checkArrearsPlan(plan);
    return plan;
  } catch (error) {
    if (error instanceof RangeError) throw new FieldsInvalid([{ field, code: 'field-malformed' }]);
    throw error;
  }
}
