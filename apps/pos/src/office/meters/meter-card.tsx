import { Badge, Title } from '@mantine/core';
import { day, money, month, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { Waiting, useReading } from '../reading';
import { PageLink } from '../route';
import { useStaff } from '../staff';
import { METER_WORK_GROUPS } from '../work/works';
import type { CardPerson, MeterAccount, WholeMeter } from './answers';
import { DeliveryPart } from './delivery-part';
import { HistoryPart } from './history-part';
import { METER_WORDS } from './meter-words';
import { FactList, Part } from './parts';
import { PenaltiesPart } from './penalties-part';
import { VendsPart } from './vends-part';

/** All that is known of a meter, each part for whom it is. */
export function MeterCard({ meterNo }: { readonly meterNo: string }) {
  const { can } = useStaff();
  const reading = useReading<WholeMeter>(`/v1/meters/${meterNo}`);
  const meter = reading.body;
  return (
    <Waiting reading={reading} ready={meter !== undefined}>
      {meter && (
        <>
          <Head meter={meter} />
          <div className="office-cards">
            <TermsPart meter={meter} />
            {can('vend.read') && <AccountPart meterNo={meter.meterNo} />}
            <KeysPart meter={meter} />
            <PeoplePart meterNo={meter.meterNo} people={meter.people} />
          </div>
          {meter.status === 'active' && <WorksOf meterNo={meter.meterNo} />}
          {can('vend.read') && <VendsPart meterNo={meter.meterNo} />}
          {can('penalty.read') && <PenaltiesPart meterNo={meter.meterNo} />}
          {can('trace.read') && <DeliveryPart meterNo={meter.meterNo} />}
          <HistoryPart path={`/v1/meters/${meter.meterNo}/history`} />
        </>
      )}
    </Waiting>
  );
}

function Head({ meter }: { readonly meter: WholeMeter }) {
  const { t } = useWords();
  const { can } = useStaff();
  const { customer, connection } = meter;
  const name = `${customer.name} · ${customer.customerNo}`;
  const isOff = connection.supply !== 'connected';
  return (
    <div className="office-title">
      <Title order={3} size="h2">
        {meter.meterNo}
      </Title>
      <Badge color={meter.status === 'active' ? 'teal.9' : 'gray.8'}>{t(METER_WORDS[meter.status])}</Badge>
      <Badge color={isOff ? 'red.9' : 'teal.9'}>{t(METER_WORDS[connection.supply])}</Badge>
      {can('customer.read') ? <PageLink to={['customers', customer.customerNo]}>{name}</PageLink> : <span>{name}</span>}
    </div>
  );
}

function TermsPart({ meter }: { readonly meter: WholeMeter }) {
  const { t, language } = useWords();
  const { customer, connection } = meter;
  const { next } = connection;
  const terms = {
    class: connection.tariffClass,
    phase: number(String(connection.phase), language),
    kw: number(connection.sanctionedKw, language),
  };
  return (
    <Part title={METER_WORDS.tariff}>
      <FactList
        facts={[
          [METER_WORDS.tariff, t(METER_WORDS.tariffOf, terms)],
          [
            METER_WORDS.next,
            next &&
              t(METER_WORDS.nextOf, {
                ...{ day: day(next.from, language), class: next.tariffClass, kw: number(next.sanctionedKw, language) },
              }),
          ],
          [METER_WORDS.address, connection.address ?? customer.address],
          [METER_WORDS.officeName, customer.office],
          [METER_WORDS.mobile, customer.mobile],
          [METER_WORDS.installed, day(meter.installedOn, language)],
          [METER_WORDS.closed, meter.closedOn && day(meter.closedOn, language)],
        ]}
      />
    </Part>
  );
}

function AccountPart({ meterNo }: { readonly meterNo: string }) {
  const { t, language } = useWords();
  const reading = useReading<MeterAccount>(`/v1/meters/${meterNo}/account`);
  const account = reading.body;
  const taka = (value: string) => t(METER_WORDS.taka, { taka: money(value, language) });
  return (
    <Part title={METER_WORDS.account}>
      <Waiting reading={reading} ready={account !== undefined}>
        {account && (
          <>
            <FactList
              facts={[
                [METER_WORDS.arrears, <b key="arrears">{taka(account.arrears.value)}</b>],
                [
                  METER_WORDS.monthsDue,
                  account.due &&
                    (account.due.months.map((each) => month(each, language)).join(', ') || t(METER_WORDS.none)),
                ],
                [METER_WORDS.fixed, account.due && taka(account.due.fixedCharges.value)],
                [METER_WORDS.minimum, account.due && taka(account.due.minimumRecharge.value)],
                [
                  METER_WORDS.bought,
                  account.boughtKwh === null
                    ? taka(account.bought.value)
                    : t(METER_WORDS.boughtOf, {
                        taka: money(account.bought.value, language),
                        kwh: number(account.boughtKwh, language),
                      }),
                ],
                [METER_WORDS.nextUnit, account.nextUnit && taka(account.nextUnit.value)],
              ]}
            />
            {!account.due && <p>{t(METER_WORDS.notSellable)}</p>}
          </>
        )}
      </Waiting>
    </Part>
  );
}

const ALGORITHMS: Readonly<Record<string, string>> = { '07': '07 (STA)', '11': '11 (MISTY1)' };

/** What the key card says, in words: a technician compares it with the meter's short codes. */
function KeysPart({ meter }: { readonly meter: WholeMeter }) {
  const { t } = useWords();
  const { sgc, krn, ti, ea, baseDate, ken } = meter;
  return (
    <Part title={METER_WORDS.keys}>
      <FactList
        facts={[
          [METER_WORDS.counts, t(METER_WORDS[meter.crediting])],
          [METER_WORDS.owner, t(meter.owner === 'utility' ? METER_WORDS.ofUtility : METER_WORDS.ofCustomer)],
          [METER_WORDS.model, meter.model],
        ]}
      />
      <p>
        {t(METER_WORDS.keysWords, { sgc, krn: String(krn), ti, ea: ALGORITHMS[ea] ?? ea, base: String(baseDate) })};{' '}
        {ken === 255 ? t(METER_WORDS.keyNeverEnds) : t(METER_WORDS.keyEnds, { ken: String(ken) })}
      </p>
    </Part>
  );
}

function PeoplePart({ meterNo, people }: { readonly meterNo: string; readonly people: readonly CardPerson[] }) {
  const { t } = useWords();
  const { can } = useStaff();
  return (
    <Part title={METER_WORDS.people}>
      {people.length === 0 && <p>{t(METER_WORDS.none)}</p>}
      <ul className="office-rows">
        {people.map(({ personId, name, role, mobile, receivesSms }) => (
          <li key={personId} className="office-row">
            <span>
              <b>{name}</b> · {t(METER_WORDS[`role.${role}`])}
              <br />
              <small>
                {mobile} · {t(receivesSms ? METER_WORDS.copies : METER_WORDS.noCopies)}
              </small>
            </span>
            {can('customer.change') && (
              <PageLink to={['meters', meterNo, 'work', 'remove-person', personId]}>{t(METER_WORDS.remove)}</PageLink>
            )}
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** What this person may do to the meter. */
function WorksOf({ meterNo }: { readonly meterNo: string }) {
  const { t } = useWords();
  const { can } = useStaff();
  return METER_WORK_GROUPS.map(({ title, works }) => {
    const mine = works.filter(({ permission }) => can(permission));
    return (
      mine.length > 0 && (
        <Part key={title.en} title={title}>
          <ul className="office-works">
            {mine.map((work) => (
              <li key={work.name}>
                <PageLink to={['meters', meterNo, 'work', work.name]}>{t(work.title)}</PageLink>
              </li>
            ))}
          </ul>
        </Part>
      )
    );
  });
}
