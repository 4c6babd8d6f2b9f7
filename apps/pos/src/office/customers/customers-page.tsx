import { Badge, Button, Group, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { MeterSearch } from '../../shared/answers';
import { callApi } from '../../shared/api';
import { day, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { customerNoOf, doubtfulCustomerNoOf } from '../../shared/search';
import type { Text } from '../../shared/words';
import type { NoticeChoice, WholeCustomer } from '../meters/answers';
import { HistoryPart } from '../meters/history-part';
import { METER_WORDS } from '../meters/meter-words';
import { FactList, Part } from '../meters/parts';
import type { OfficePageProps } from '../office-page-props';
import { OFFICE_WORDS } from '../office-words';
import { useReading, Waiting } from '../reading';
import { go, PageLink } from '../route';
import { useStaff, useTrouble } from '../staff';
import { CUSTOMER_WORKS } from '../work/record-works';
import { WorkForm } from '../work/work-form';
import { WORK_WORDS } from '../work/work-words';
import { CUSTOMER_CARD_WORDS } from './customer-words';

/** A customer by number; the card below it, and below that what can be done. */
export default function CustomersPage({ rest: [customerNo, section, name] }: OfficePageProps) {
  const { t } = useWords();
  const { can } = useStaff();
  if (customerNo === undefined) return <FindCustomer />;
  if (section === undefined) return <CustomerCard key={customerNo} customerNo={customerNo} />;
  const work = section === 'work' ? CUSTOMER_WORKS.find((each) => each.name === name) : undefined;
  return (
    <>
      <p>
        <PageLink to={['customers', customerNo]}>
          {t(CUSTOMER_CARD_WORDS.back)} · {customerNo}
        </PageLink>
      </p>
      {work && can(work.permission) ? (
        <WorkForm key={work.name} work={work} about={customerNo} onFinished={() => go('customers', customerNo)} />
      ) : (
        <p role="alert">{t(work ? OFFICE_WORDS.notAllowed : OFFICE_WORDS.noSuchPage)}</p>
      )}
    </>
  );
}

function FindCustomer() {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [trouble, setTrouble] = useState<Text>();
  const [busy, setBusy] = useState(false);
  const troubleOf = useTrouble();
  /** Of a number that may be a phone: only when a customer has it. */
  const confirmed = async (value: string): Promise<string | undefined> => {
    setBusy(true);
    const outcome = await callApi<MeterSearch>({ path: '/v1/meters/search', body: { by: 'customer-no', value } });
    setBusy(false);
    setTrouble(troubleOf(outcome));
    return outcome.kind === 'answer' ? outcome.body.items[0]?.customerNo : undefined;
  };
  const open = async (event: FormEvent) => {
    event.preventDefault();
    setTrouble(undefined);
    // What stands in an address stays in the history of the browser: no phone, no name.
    const doubtful = doubtfulCustomerNoOf(typed);
    const customerNo = doubtful === undefined ? customerNoOf(typed) : await confirmed(doubtful);
    if (customerNo !== undefined) go('customers', customerNo);
    else setTrouble((known) => known ?? CUSTOMER_CARD_WORDS.notSuchNumber);
  };
  return (
    <>
      <form onSubmit={(event) => void open(event)}>
        <Group align="end">
          <TextInput
            className="wide"
            size="md"
            autoFocus
            autoComplete="off"
            maxLength={20}
            label={t(CUSTOMER_CARD_WORDS.findCustomer)}
            value={typed}
            error={trouble && t(trouble)}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" size="md" loading={busy}>
            {t(CUSTOMER_CARD_WORDS.open)}
          </Button>
        </Group>
      </form>
      <p>
        <PageLink to={['meters']}>{t(CUSTOMER_CARD_WORDS.byMeter)}</PageLink>
      </p>
    </>
  );
}

function CustomerCard({ customerNo }: { readonly customerNo: string }) {
  const { t, language } = useWords();
  const { can } = useStaff();
  const reading = useReading<WholeCustomer>(`/v1/customers/${encodeURIComponent(customerNo)}`);
  const customer = reading.body;
  const works = CUSTOMER_WORKS.filter(({ permission }) => can(permission));
  return (
    <Waiting reading={reading} ready={customer !== undefined}>
      {customer && (
        <>
          <div className="office-title">
            <Title order={3} size="h2">
              {customer.name}
            </Title>
            <span>{customer.customerNo}</span>
            {customer.closedOn && <Badge color="gray.8">{t(METER_WORDS.closed)}</Badge>}
          </div>
          <Part title={METER_WORDS.customer}>
            <FactList
              facts={[
                [METER_WORDS.mobile, customer.mobile ?? t(METER_WORDS.none)],
                [METER_WORDS.address, customer.address],
                [METER_WORDS.officeName, customer.office],
                [CUSTOMER_CARD_WORDS.language, t(CUSTOMER_CARD_WORDS[customer.language])],
                [CUSTOMER_CARD_WORDS.notices, <Notices key="notices" customerNo={customer.customerNo} />],
                [CUSTOMER_CARD_WORDS.closedOn, customer.closedOn && day(customer.closedOn, language)],
              ]}
            />
          </Part>
          {works.length > 0 && !customer.closedOn && (
            <Part title={WORK_WORDS.work}>
              <ul className="office-works">
                {works.map((work) => (
                  <li key={work.name}>
                    <PageLink to={['customers', customer.customerNo, 'work', work.name]}>{t(work.title)}</PageLink>
                  </li>
                ))}
              </ul>
            </Part>
          )}
          <Connections customer={customer} />
          <HistoryPart path={`/v1/customers/${encodeURIComponent(customer.customerNo)}/history`} />
        </>
      )}
    </Waiting>
  );
}

function Notices({ customerNo }: { readonly customerNo: string }) {
  const { t } = useWords();
  const { body } = useReading<NoticeChoice>(`/v1/customers/${encodeURIComponent(customerNo)}/notices`);
  return body && t(body.wanted ? CUSTOMER_CARD_WORDS.wanted : CUSTOMER_CARD_WORDS.notWanted);
}

function Connections({ customer }: { readonly customer: WholeCustomer }) {
  const { t, language } = useWords();
  return customer.connections.map((connection) => (
    <Part key={connection.connectionId} title={CUSTOMER_CARD_WORDS.connection}>
      <FactList
        facts={[
          [METER_WORDS.address, connection.address ?? customer.address],
          [
            METER_WORDS.tariff,
            t(METER_WORDS.tariffOf, {
              class: connection.tariffClass,
              phase: number(String(connection.phase), language),
              kw: number(connection.sanctionedKw, language),
            }),
          ],
          [CUSTOMER_CARD_WORDS.connection, t(METER_WORDS[connection.supply])],
        ]}
      />
      <ul className="office-rows">
        {connection.meters.map(({ meterNo, status, installedOn, closedOn }) => (
          <li key={meterNo} className="office-row">
            <PageLink to={['meters', meterNo]}>{meterNo}</PageLink>
            <span>
              {day(installedOn, language)} {closedOn && `– ${day(closedOn, language)}`}
            </span>
            <Badge color={status === 'active' ? 'teal.9' : 'gray.8'}>{t(METER_WORDS[status])}</Badge>
          </li>
        ))}
      </ul>
    </Part>
  ));
}
