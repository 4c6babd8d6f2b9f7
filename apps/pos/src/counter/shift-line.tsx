import { useEffect, useState } from 'react';
import type { TillLine } from '../shared/answers';
import { callApi } from '../shared/api';
import { clock, money } from '../shared/format';
import { useWords } from '../shared/language';
import { WORDS } from './counter-words';

/** How the clerk sells now: the shift, or what is left of the agent's float. Looked at again with each customer. */
export function ShiftLine({ turn }: { readonly turn: string }) {
  const { t, language } = useWords();
  const [line, setLine] = useState<TillLine>();
  useEffect(() => {
    let over = false;
    void callApi<TillLine>({ path: '/v1/till-state' }).then((outcome) => {
      if (!over && outcome.kind === 'answer') setLine(outcome.body);
    });
    return () => {
      over = true;
    };
  }, [turn]);
  const shift = line?.shift;
  const float = line?.float;
  let text = '';
  if (float) text = t(float.low ? WORDS.floatLow : WORDS.floatLeft, { amount: money(float.balance.value, language) });
  else if (shift?.state === 'OPEN')
    text = t(WORDS.shiftOpen, { till: shift.till, time: clock(shift.openedAt, language) });
  else if (shift) text = t(WORDS.shiftCounted);
  else if (line?.keepsShifts) text = t(WORDS.shiftNeeded);
  const warns = float?.low === true || (line?.keepsShifts === true && shift?.state !== 'OPEN');
  return (
    <p className="shift-line" data-warns={warns} role="status">
      {text}
    </p>
  );
}
