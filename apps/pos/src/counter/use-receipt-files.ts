import { useCallback, useRef, useState } from 'react';
import type { Recharge } from '../shared/answers';
import { callForFile, SESSION_OVER } from '../shared/api';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';
import { WORDS } from './counter-words';
import { choosePrinter, printOn, saveFile } from './receipt-printer';

/** As what a receipt leaves the till, besides the browser's own print. */
type Form = 'pdf' | 'escpos';

/** The receipt as PDF, or on a receipt printer. @param onSessionOver the clerk must log in again */
export function useReceiptFiles(onSessionOver: () => void) {
  const { language } = useWords();
  const [trouble, setTrouble] = useState<Text>();
  const atWork = useRef(false);

  const make = useCallback(
    async ({ rechargeId, receiptNo, copy }: Recharge, form: Form) => {
      if (atWork.current) return;
      atWork.current = true;
      setTrouble(undefined);
      try {
        const printer = form === 'escpos' ? await choosePrinter() : undefined;
        const query = `?language=${language}${copy ? '&copy=true' : ''}`;
        const outcome = await callForFile(`/v1/recharges/${rechargeId}/receipt.${form}${query}`);
        if (outcome.kind === 'lost') return setTrouble(WORDS.notPrinted);
        if (outcome.kind === 'refused') {
          const { code, title, titleBn } = outcome.problem;
          if (SESSION_OVER.includes(code)) onSessionOver();
          return setTrouble({ bn: titleBn, en: title });
        }
        if (!printer) return saveFile(outcome.body, `${receiptNo ?? rechargeId}.${form}`);
        await printOn(printer, outcome.body).catch(() => setTrouble(WORDS.printerFailed));
      } finally {
        atWork.current = false;
      }
    },
    [language, onSessionOver],
  );
  return { trouble, make };
}
