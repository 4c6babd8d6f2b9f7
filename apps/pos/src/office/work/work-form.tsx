import { Alert, Button, Group, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { money } from '../../shared/format';
import { useWords } from '../../shared/language';
import { texts } from '../../shared/words';
import { useReading, Waiting } from '../reading';
import type { Fee } from './answers';
import type { Order } from './order';
import { OrderView } from './order-view';
import { useOrder } from './use-order';
import { bodyOf, firstValues, shownFields, type Work, type WorkFacts, type WorkValues } from './work';
import { Field, useShown } from './work-fields';
import { WORK_WORDS } from './work-words';

/** The fees of the schedule, as a clerk calls them. */
const FEE_WORDS = texts({
  'application-new': { bn: 'নতুন সংযোগের আবেদন', en: 'Application, new' },
  'application-temporary': { bn: 'অস্থায়ী সংযোগের আবেদন', en: 'Application, temporary' },
  'pole-or-line-shift': { bn: 'খুঁটি বা লাইন সরানো', en: 'Pole or line shift' },
  'service-drop-reroute': { bn: 'সার্ভিস তার ঘোরানো', en: 'Service drop reroute' },
  'disconnection-arrears': { bn: 'বকেয়ায় বিচ্ছিন্ন', en: 'Disconnection for arrears' },
  'reconnection-arrears': { bn: 'বকেয়ার পর পুনঃসংযোগ', en: 'Reconnection after arrears' },
  'disconnection-on-request': { bn: 'অনুরোধে বিচ্ছিন্ন', en: 'Disconnection on request' },
  'reconnection-on-request': { bn: 'অনুরোধে পুনঃসংযোগ', en: 'Reconnection on request' },
  'load-change-application': { bn: 'লোড বদলের আবেদন', en: 'Application, load change' },
  'meter-test': { bn: 'মিটার পরীক্ষা', en: 'Meter test' },
  fee: { bn: 'ফি', en: 'Fee' },
});

interface WorkFormProps {
  readonly work: Work;
  /** The number of the meter, the customer or the case; '' for a new one. */
  readonly about: string;
  /** The row that it is about. */
  readonly part?: string;
  /** What was sent before and is not finished. */
  readonly kept?: Order | undefined;
  readonly onFinished: () => void;
}

/** A work from its first field to its end: typed, checked, sent, and looked after. */
export function WorkForm(props: WorkFormProps) {
  return props.work.needsFees ? <WithFees {...props} /> : <Form {...props} fees={[]} />;
}

function WithFees(props: WorkFormProps) {
  const reading = useReading<{ readonly items: readonly Fee[] }>(`/v1/meters/${props.about}/fees`);
  return (
    <Waiting reading={reading} ready={reading.body !== undefined}>
      <Form {...props} fees={reading.body?.items ?? []} />
    </Waiting>
  );
}

function Form({ work, about, part = '', kept, fees, onFinished }: WorkFormProps & { readonly fees: readonly Fee[] }) {
  const { t } = useWords();
  const first = { ...firstValues(work), ...(fees[0] && { fee: fees[0].fee }) };
  const [values, setValues] = useState<WorkValues>(first);
  const [step, setStep] = useState<'typing' | 'checking'>('typing');
  const hand = useOrder(work, kept);
  const facts: WorkFacts = { about, part, fees };
  const send = () => hand.start(about, work.path(facts), { ...bodyOf(work, values), ...work.also?.(values, facts) });
  return (
    <Stack className="card work" maw={640}>
      <Title order={3}>{t(work.title)}</Title>
      <Text>{t(work.about)}</Text>
      {work.second && <Alert color="orange">{t(WORK_WORDS.needsSecond)}</Alert>}
      {hand.order || hand.standing ? (
        <OrderView hand={hand} onFinished={onFinished} />
      ) : step === 'typing' ? (
        <Typing {...{ work, values, fees }} onChange={setValues} onReady={() => setStep('checking')} />
      ) : (
        <Checking {...{ work, values, facts }} onBack={() => setStep('typing')} onSend={() => void send()} />
      )}
    </Stack>
  );
}

interface TypingProps {
  readonly work: Work;
  readonly values: WorkValues;
  readonly fees: readonly Fee[];
  readonly onChange: (values: WorkValues) => void;
  readonly onReady: () => void;
}

function Typing({ work, values, fees, onChange, onReady }: TypingProps) {
  const { t } = useWords();
  const [tried, setTried] = useState(false);
  const fields = shownFields(work, values);
  const isMissing = (name: string, optional = false) => !optional && (values[name] ?? '').trim() === '';
  const change = (name: string) => (value: string) => onChange({ ...values, [name]: value });
  const ready = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!fields.some(({ name, optional }) => isMissing(name, optional))) onReady();
  };
  if (work.needsFees && fees.length === 0) return <Text>{t(WORK_WORDS.noFees)}</Text>;
  return (
    <form onSubmit={ready} noValidate>
      <Stack>
        {work.needsFees && <FeeChoice fees={fees} value={values['fee'] ?? ''} onChange={change('fee')} />}
        {fields.map((field, index) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            missing={tried && isMissing(field.name, field.optional)}
            autoFocus={index === 0 && !work.needsFees}
            onChange={change(field.name)}
          />
        ))}
        <Button type="submit" autoFocus={fields.length === 0}>
          {t(WORK_WORDS.check)}
        </Button>
      </Stack>
    </form>
  );
}

function feeName(fee: string) {
  return fee in FEE_WORDS ? FEE_WORDS[fee as keyof typeof FEE_WORDS] : { bn: fee, en: fee };
}

interface FeeChoiceProps {
  readonly fees: readonly Fee[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function FeeChoice({ fees, value, onChange }: FeeChoiceProps) {
  const { t, language } = useWords();
  return (
    <NativeSelect
      label={t(FEE_WORDS.fee)}
      size="md"
      autoFocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={fees.map(({ fee, amount }) => ({
        value: fee,
        label: `${t(feeName(fee))} · ${money(amount.value, language)}`,
      }))}
    />
  );
}

interface CheckingProps {
  readonly work: Work;
  readonly values: WorkValues;
  readonly facts: WorkFacts;
  readonly onBack: () => void;
  readonly onSend: () => void;
}

/** Once more in full, before anything is sent. */
function Checking({ work, values, facts, onBack, onSend }: CheckingProps) {
  const { t, language } = useWords();
  const shown = useShown();
  const cash = work.cash?.(values, facts);
  const fee = work.needsFees ? values['fee'] : undefined;
  return (
    <Stack role="group" aria-label={t(WORK_WORDS.isItRight)}>
      <Title order={4}>{t(WORK_WORDS.isItRight)}</Title>
      <dl>
        {fee && (
          <div className="fact">
            <dt>{t(FEE_WORDS.fee)}</dt>
            <dd>{t(feeName(fee))}</dd>
          </div>
        )}
        {shownFields(work, values)
          .filter(({ name }) => (values[name] ?? '') !== '')
          .map((field) => (
            <div className="fact" key={field.name}>
              <dt>{t(field.label)}</dt>
              <dd>{shown(field, values[field.name] ?? '')}</dd>
            </div>
          ))}
      </dl>
      {cash !== undefined && (
        <Text size="xl" fw={700}>
          {t(WORK_WORDS.takeCash, { amount: /^\d+(\.\d+)?$/.test(cash) ? money(cash, language) : cash })}
        </Text>
      )}
      <Group>
        <Button autoFocus onClick={onSend}>
          {t(work.second ? WORK_WORDS.askIt : WORK_WORDS.doIt)}
        </Button>
        <Button variant="default" onClick={onBack}>
          {t(WORK_WORDS.change)}
        </Button>
      </Group>
    </Stack>
  );
}
