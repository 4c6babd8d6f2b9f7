import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../../shared/language';
import { useStaff } from '../staff';
import { CASE_WORKS } from '../work/case-works';
import { keptOrders } from '../work/order';
import type { Work } from '../work/work';
import { WorkForm } from '../work/work-form';
import type { Case } from './supervision-answers';

interface MoneyProps {
  readonly shown: Case;
  /** Something may have been done: the case is to be read again. */
  readonly onFinished: () => void;
}

/**
 * The two ways out of a case about money: vend it to the right meter, or pay it back; one at a time. What this person has
 * sent stays here, and on the page of what was asked, until it is seen to be done.
 */
export function CaseMoney({ shown: { caseNo, payment }, onFinished }: MoneyProps) {
  const { t } = useWords();
  const { person } = useStaff();
  const [chosen, setChosen] = useState<Work>();
  const [turn, setTurn] = useState(0);
  const works = Object.values(CASE_WORKS);
  const kept = keptOrders(person.username).find(
    ({ work, about }) => about === caseNo && works.some(({ name }) => name === work),
  );
  const open = works.find(({ name }) => name === kept?.work) ?? chosen;
  const ways = payment?.waysOut.map((way) => CASE_WORKS[way]) ?? [];
  const finished = () => {
    setChosen(undefined);
    setTurn(turn + 1);
    onFinished();
  };
  return (
    <>
      {!kept && ways.length > 0 && (
        <Group gap="xs" mb="md">
          {ways.map((work) => (
            <Button
              key={work.name}
              variant="default"
              className="view"
              aria-pressed={work === open}
              onClick={() => setChosen(work)}
            >
              {t(work.title)}
            </Button>
          ))}
        </Group>
      )}
      {open && <WorkForm key={`${open.name}.${turn}`} work={open} about={caseNo} kept={kept} onFinished={finished} />}
    </>
  );
}
