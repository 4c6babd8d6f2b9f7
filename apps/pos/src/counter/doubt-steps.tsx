import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Person } from '../shared/answers';
import { money, number } from '../shared/format';
import { useWords } from '../shared/language';
import { WORDS } from './counter-words';
import { maySendAgain, maySettle, SETTLED_MS, type Sale } from './till';
import type { Till } from './use-till';

/** Sent, and no answer yet, or none at all. */
export function DoubtStep({ sale, checking }: { readonly sale: Sale; readonly checking: boolean }) {
  const { t, language } = useWords();
  const values = { meter: sale.meterNo, amount: money(sale.amount, language) };
  return (
    <Stack className="notice" role="status">
      <Title order={2} size="h3">
        {t(checking ? WORDS.checking : WORDS.selling)}
      </Title>
      {checking && <Text size="lg">{t(WORDS.checkingWhy, values)}</Text>}
    </Stack>
  );
}

interface AbsentProps {
  readonly till: Till;
  readonly sale: Sale;
  readonly person: Person;
}

/** The server knows nothing of it. */
export function AbsentStep({ till, sale, person }: AbsentProps) {
  const { t, language } = useWords();
  const [now, setNow] = useState(() => Date.now());
  const settled = maySettle(sale, now);
  useEffect(() => {
    if (settled) return;
    const timer = window.setInterval(() => setNow(Date.now()), 1_000);
    return () => window.clearInterval(timer);
  }, [settled]);
  const left = Math.max(0, Math.ceil((sale.sentAt + SETTLED_MS - now) / 1_000));
  return (
    <Stack className="notice" role="status">
      <Title order={2} size="h3">
        {t(WORDS.absent)}
      </Title>
      <Text size="lg">{t(WORDS.absentWhy, { meter: sale.meterNo, amount: money(sale.amount, language) })}</Text>
      {maySendAgain(sale, person) ? (
        <Button size="lg" autoFocus onClick={() => void till.send({ ...sale, sentAt: Date.now() })}>
          {t(WORDS.sendAgain)}
        </Button>
      ) : (
        <Text size="lg">{t(WORDS.onlyWhoTookIt, { clerk: sale.clerk })}</Text>
      )}
      <Button size="lg" variant="default" disabled={!settled} onClick={() => void till.drop(sale)}>
        {settled ? t(WORDS.drop) : t(WORDS.dropSoon, { seconds: number(String(left), language) })}
      </Button>
    </Stack>
  );
}

/** Another station left it in this browser: it cannot be looked up from here. */
export function StrangeSale({ sale }: { readonly sale: Sale }) {
  const { t, language } = useWords();
  const { station, clerk, meterNo: meter } = sale;
  return (
    <Alert color="yellow" variant="outline" mb="sm" role="status">
      <Text c="dark.9">{t(WORDS.strangeSale, { station, clerk, meter, amount: money(sale.amount, language) })}</Text>
    </Alert>
  );
}
