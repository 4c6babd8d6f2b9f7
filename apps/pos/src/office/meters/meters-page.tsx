import type { OfficePageProps } from '../office-page-props';
import { OFFICE_WORDS } from '../office-words';
import { useWords } from '../../shared/language';
import { go, PageLink } from '../route';
import { useStaff } from '../staff';
import { WorkForm } from '../work/work-form';
import { workNamed } from '../work/works';
import { FindMeter } from './find-meter';
import { MeterCard } from './meter-card';
import { METER_WORDS } from './meter-words';

/** A meter is looked for; its card is below its number, and below that what can be done to it. */
export default function MetersPage({ rest: [meterNo, section, name, part] }: OfficePageProps) {
  const { t } = useWords();
  const { can } = useStaff();
  if (meterNo === undefined) return <FindMeter />;
  if (section === undefined) return <MeterCard key={meterNo} meterNo={meterNo} />;
  const work = section === 'work' ? workNamed(name) : undefined;
  const back = () => go('meters', meterNo);
  return (
    <>
      <p>
        <PageLink to={['meters', meterNo]}>
          {t(METER_WORDS.back)} · {meterNo}
        </PageLink>
      </p>
      {work && can(work.permission) ? (
        <WorkForm key={`${meterNo} ${name} ${part}`} work={work} about={meterNo} part={part} onFinished={back} />
      ) : (
        <p role="alert">{t(work ? OFFICE_WORDS.notAllowed : OFFICE_WORDS.noSuchPage)}</p>
      )}
    </>
  );
}
