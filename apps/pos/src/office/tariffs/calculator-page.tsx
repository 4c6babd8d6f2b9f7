import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import './tariffs.css';
import { useState, type FormEvent } from 'react';
import { callApi } from '../../shared/api';
import { latinDigits } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Text as Words } from '../../shared/words';
import { useReading, Waiting } from '../reading';
import { useTrouble } from '../staff';
import { CalculatedPair } from './calculated-pair';
import { CLASSES, EMPTY_CALCULATION, requestOf, type CalculationForm } from './calculation-form';
import type { Calculation, TariffList } from './tariff-answers';
import { TARIFF_WORDS as WORDS } from './tariff-words';

/** What a customer would pay and get, with one version or two. */
export default function CalculatorPage() {
  const list = useReading<TariffList>('/v1/tariffs');
  return (
    <Waiting reading={list} ready={list.body !== undefined}>
      {list.body && (
        <Calculator
          versions={list.body.items.filter(({ kind }) => kind === 'tariff-version').map(({ code }) => code)}
        />
      )}
    </Waiting>
  );
}

function Calculator({ versions }: { readonly versions: readonly string[] }) {
  const { t } = useWords();
  const troubleOf = useTrouble();
  const [form, setForm] = useState<CalculationForm>(EMPTY_CALCULATION);
  const [results, setResults] = useState<readonly Calculation[]>([]);
  const [trouble, setTrouble] = useState<Words>();
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<CalculationForm>) => setForm((before) => ({ ...before, ...change }));

  const calculate = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const asked = [form.version, ...(form.second === '' ? [] : [form.second])];
    const outcomes = await Promise.all(
      asked.map((version) =>
        callApi<Calculation>({ path: '/v1/tariffs/calculations', body: requestOf({ ...form, version }) }),
      ),
    );
    setBusy(false);
    setTrouble(outcomes.map(troubleOf).find((each) => each !== undefined));
    setResults(outcomes.flatMap((outcome) => (outcome.kind === 'answer' ? [outcome.body] : [])));
  };
  return (
    <Stack>
      <Text>{t(WORDS.nothingSold)}</Text>
      <form onSubmit={(event) => void calculate(event)}>
        <Stack>
          <Question form={form} set={set} versions={versions} />
          <InventedMeter form={form} set={set} />
          <Group>
            <Button type="submit" loading={busy}>
              {t(WORDS.calculate)}
            </Button>
          </Group>
        </Stack>
      </form>
      {trouble && (
        <Alert color="red" role="alert">
          {t(trouble)}
        </Alert>
      )}
      <CalculatedPair results={results} />
    </Stack>
  );
}

interface PartProps {
  readonly form: CalculationForm;
  readonly set: (change: Partial<CalculationForm>) => void;
}

function Question({ form, set, versions }: PartProps & { readonly versions: readonly string[] }) {
  const { t } = useWords();
  return (
    <Group align="end">
      <NativeSelect
        label={t(WORDS.version)}
        data={[{ value: '', label: t(WORDS.versionNow) }, ...versions]}
        value={form.version}
        onChange={(event) => set({ version: event.currentTarget.value })}
      />
      <NativeSelect
        label={t(WORDS.second)}
        data={[{ value: '', label: t(WORDS.noSecond) }, ...versions]}
        value={form.second}
        onChange={(event) => set({ second: event.currentTarget.value })}
      />
      <TextInput
        label={t(WORDS.day)}
        placeholder="2027-01-01"
        maxLength={10}
        value={form.day}
        onChange={(event) => set({ day: latinDigits(event.currentTarget.value) })}
      />
      <NativeSelect
        label={t(WORDS.askBy)}
        data={[
          { value: 'amount', label: t(WORDS.amount) },
          { value: 'kwh', label: t(WORDS.kwh) },
        ]}
        value={form.by}
        onChange={(event) => set({ by: event.currentTarget.value as CalculationForm['by'] })}
      />
      <TextInput
        label={t(form.by === 'amount' ? WORDS.amount : WORDS.kwh)}
        required
        inputMode="decimal"
        maxLength={12}
        value={form.howMuch}
        onChange={(event) => set({ howMuch: latinDigits(event.currentTarget.value) })}
      />
    </Group>
  );
}

function InventedMeter({ form, set }: PartProps) {
  const { t } = useWords();
  const real = form.meterNo !== '';
  return (
    <Group align="end">
      <TextInput
        label={t(WORDS.realMeter)}
        inputMode="numeric"
        maxLength={18}
        value={form.meterNo}
        onChange={(event) => set({ meterNo: latinDigits(event.currentTarget.value).trim() })}
      />
      <NativeSelect
        label={t(WORDS.tariffClass)}
        disabled={real}
        data={[...CLASSES]}
        value={form.tariffClass}
        onChange={(event) => set({ tariffClass: event.currentTarget.value })}
      />
      <NativeSelect
        label={t(WORDS.phase)}
        disabled={real}
        data={['1', '3']}
        value={form.phase}
        onChange={(event) => set({ phase: event.currentTarget.value as CalculationForm['phase'] })}
      />
      <NativeSelect
        label={t(WORDS.crediting)}
        disabled={real}
        data={[
          { value: 'energy', label: t(WORDS.energy) },
          { value: 'currency', label: t(WORDS.currency) },
        ]}
        value={form.crediting}
        onChange={(event) => set({ crediting: event.currentTarget.value as CalculationForm['crediting'] })}
      />
      {(['load', 'monthsDue', 'soldKwh'] as const).map((field) => (
        <TextInput
          key={field}
          label={t(WORDS[field])}
          disabled={real}
          inputMode="decimal"
          maxLength={8}
          value={form[field]}
          onChange={(event) => set({ [field]: latinDigits(event.currentTarget.value) })}
        />
      ))}
    </Group>
  );
}
