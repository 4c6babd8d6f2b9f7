import { Button, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Recharge } from '../shared/answers';
import { money } from '../shared/format';
import { useWords } from '../shared/language';
import { changeFor } from './cash';
import { WORDS } from './counter-words';
import { Receipt } from './receipt';
import { RECEIPT_WORDS } from './receipt-words';

interface SoldProps {
  readonly recharge: Recharge;
  /** Nothing is given back on a reprint. */
  readonly cash: string;
  readonly station: string;
  readonly onNext: () => void;
}

/** Sold: Enter prints, Enter again is the next customer. */
export function SoldStep({ recharge, cash, station, onNext }: SoldProps) {
  const { t, language } = useWords();
  const [printed, setPrinted] = useState(false);
  const change = cash === '' ? undefined : changeFor(cash, recharge.amount.value);
  const print = () => {
    window.print();
    setPrinted(true);
  };
  return (
    <div className="desk">
      <Stack>
        <Title order={2} size="h3" role="status">
          {recharge.copy ? t(RECEIPT_WORDS.copy) : t(WORDS.done)}
        </Title>
        <Text size="lg">{recharge.customerName}</Text>
        {change !== undefined && (
          <output className="change">
            <span>{t(WORDS.change)}</span>
            <b>{money(change, language)}</b>
          </output>
        )}
        {printed ? (
          <Button key="next" size="lg" autoFocus onClick={onNext}>
            {t(WORDS.next)}
          </Button>
        ) : (
          <Button key="print" size="lg" autoFocus onClick={print}>
            {t(WORDS.print)}
          </Button>
        )}
      </Stack>
      <Receipt recharge={recharge} station={station} />
    </div>
  );
}
