import { Badge, Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Meter, Quote } from '../shared/answers';
import { clock, latinDigits, money, number } from '../shared/format';
import { useWords } from '../shared/language';
import { changeFor } from './cash';
import { WORDS } from './counter-words';
import { PriceLines } from './price-lines';
import { Rows } from '../shared/rows';
import type { Till, Wish } from './use-till';

const typedText = (typed: string): string => latinDigits(typed).trim();

function submitting(act: () => void) {
  return (event: FormEvent) => {
    event.preventDefault();
    act();
  };
}

interface BigFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly isNumber?: boolean;
  readonly maxLength: number;
  readonly value: string;
  readonly onType: (typed: string) => void;
}

/** The one field of a step: the next digit goes there. */
function BigField({ label, hint, isNumber = false, maxLength, value, onType }: BigFieldProps) {
  return (
    <TextInput
      className="wide"
      label={label}
      description={hint}
      size="xl"
      autoFocus
      autoComplete="off"
      inputMode={isNumber ? 'decimal' : undefined}
      maxLength={maxLength}
      value={value}
      onChange={(event) => onType(event.currentTarget.value)}
    />
  );
}

/** Which meter? */
export function FindStep({ till, choices }: { readonly till: Till; readonly choices: readonly Meter[] }) {
  const { t, language } = useWords();
  const [typed, setTyped] = useState('');
  return (
    <Stack>
      <form onSubmit={submitting(() => typedText(typed) !== '' && void till.find(typedText(typed)))}>
        <Group align="end" wrap="nowrap">
          <BigField
            label={t(WORDS.findMeter)}
            hint={t(WORDS.findHint)}
            maxLength={60}
            value={typed}
            onType={setTyped}
          />
          <Button type="submit" size="xl" loading={till.busy}>
            {t(WORDS.find)}
          </Button>
        </Group>
      </form>
      {choices.length > 0 && (
        <>
          <Title order={2} size="h4">
            {t(WORDS.chooseMeter, { n: number(String(choices.length), language) })}
          </Title>
          <Rows
            key={choices[0]?.meterNo}
            items={choices}
            label={t(WORDS.findMeter)}
            idOf={({ meterNo }) => meterNo}
            onChoose={till.choose}
            show={(meter) => (
              <>
                <b>{meter.customerName}</b> · {meter.customerNo} · {meter.meterNo}
                {meter.status === 'closed' && <Badge color="gray">{t(WORDS.closedMeter)}</Badge>}
                <br />
                <small>{meter.address}</small>
              </>
            )}
          />
        </>
      )}
    </Stack>
  );
}

/** Whose meter it is: the clerk reads it to the customer. */
export function MeterCard({ meter }: { readonly meter: Meter }) {
  const { t, language } = useWords();
  const kw = number(meter.sanctionedKw, language);
  return (
    <section className="card" aria-label={t(WORDS.customer)}>
      <Title order={2} size="h3">
        {meter.customerName}
      </Title>
      <dl>
        <dt>{t(WORDS.customer)}</dt>
        <dd>{meter.customerNo}</dd>
        <dt>{t(WORDS.meter)}</dt>
        <dd>{meter.meterNo}</dd>
        <dt>{t(WORDS.address)}</dt>
        <dd>{meter.address}</dd>
        <dt>{t(WORDS.tariff)}</dt>
        <dd>{t(WORDS.tariffOf, { class: meter.tariffClass, kw })}</dd>
      </dl>
    </section>
  );
}

/** How much? In Taka or in units, as the customer says it. */
export function AmountStep({
  till,
  meter,
  units,
}: {
  readonly till: Till;
  readonly meter: Meter;
  readonly units: boolean;
}) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const wish = (): Wish => (units ? { kwh: typedText(typed) } : { amount: typedText(typed) });
  return (
    <form onSubmit={submitting(() => typedText(typed) !== '' && void till.ask(meter, wish()))}>
      <Stack>
        <BigField
          label={t(units ? WORDS.units : WORDS.amount)}
          isNumber
          maxLength={12}
          value={typed}
          onType={setTyped}
        />
        <Button type="submit" size="lg" loading={till.busy}>
          {t(WORDS.quote)}
        </Button>
      </Stack>
    </form>
  );
}

/** What it costs and why; then the cash. */
export function QuoteStep({ till, quote }: { readonly till: Till; readonly quote: Quote }) {
  const { t, language } = useWords();
  const [typed, setTyped] = useState('');
  const cash = typedText(typed);
  const change = changeFor(cash, quote.amount.value);
  const amount = money(quote.amount.value, language);
  return (
    <form onSubmit={submitting(() => void till.agree(quote, cash, false))}>
      <Stack>
        <BigField
          label={t(WORDS.cash)}
          hint={t(WORDS.cashHint, { amount })}
          isNumber
          maxLength={12}
          value={typed}
          onType={setTyped}
        />
        <output className="change">
          <span>{t(WORDS.change)}</span>
          <b>{change === undefined ? '–' : money(change, language)}</b>
        </output>
        <Button type="submit" size="lg" disabled={change === undefined}>
          {t(WORDS.vend)}
        </Button>
      </Stack>
    </form>
  );
}

/** The same meter and amount a moment ago: a double click of the day, or a wish? */
export function ConfirmStep({ till, quote }: { readonly till: Till; readonly quote: Quote }) {
  const { t, language } = useWords();
  const amount = money(quote.amount.value, language);
  return (
    <Stack role="alertdialog" aria-label={t(WORDS.sameAgain)}>
      <Title order={2} size="h3" c="red.9">
        {t(WORDS.sameAgain)}
      </Title>
      <Text size="lg">
        {t(WORDS.sameAgainWhy, { amount, time: quote.lookalike ? clock(quote.lookalike.bookedAt, language) : '' })}
      </Text>
      <Button size="lg" autoFocus onClick={() => till.step('back')}>
        {t(WORDS.noBack)}
      </Button>
    </Stack>
  );
}

/** The lines of a price beside the step. */
export function PricePanel({ quote }: { readonly quote: Quote | undefined }) {
  const { t } = useWords();
  return (
    <section className="panel" aria-label={t(WORDS.price)}>
      <Title order={2} size="h4">
        {t(WORDS.price)}
      </Title>
      {quote ? <PriceLines priced={quote} /> : null}
    </section>
  );
}
