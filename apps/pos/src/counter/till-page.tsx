import { useState } from 'react';
import type { Person } from '../shared/answers';
import { WORDS } from './counter-words';
import { Frame } from './frame';
import type { KeyHint } from '../shared/keys';
import { ShiftLine } from './shift-line';
import { SoldStep } from './sold-step';
import { AbsentStep, DoubtStep, StrangeSale } from './doubt-steps';
import { strangeSale } from './sale-store';
import { AmountStep, ConfirmStep, FindStep, MeterCard, PricePanel, QuoteStep } from './steps';
import { Today } from './today';
import { useReceiptFiles } from './use-receipt-files';
import { useTill, type Till } from './use-till';

interface TillPageProps {
  readonly person: Person;
  readonly onLeave: () => void;
  readonly onSessionOver: () => void;
}

/** One clerk, one customer at a time. */
export function TillPage({ person, onLeave, onSessionOver }: TillPageProps) {
  const till = useTill(person, onSessionOver);
  const files = useReceiptFiles(onSessionOver);
  const [strange] = useState(() => strangeSale(person.station));
  const [units, setUnits] = useState(false);
  const [listing, setListing] = useState(false);
  const { stage, step } = till;
  const inHand = stage.at === 'sending' || stage.at === 'checking' || stage.at === 'absent';

  const keys: KeyHint[] = [];
  const key = (name: string, does: KeyHint['does'], act: () => void) => keys.push({ key: name, does, act });
  if (listing) key('Escape', WORDS.back, () => setListing(false));
  else {
    if (!inHand && stage.at !== 'find') key('F2', WORDS.next, () => step('next'));
    if (stage.at === 'amount') {
      key('F3', WORDS.keyUnits, () => setUnits(!units));
      key('F4', WORDS.keyMinimum, () => void till.ask(stage.meter, { minimum: true }));
    }
    if (stage.at === 'find') {
      key('F6', WORDS.today, () => setListing(true));
      key('F9', WORDS.shift, () => window.location.assign('/office/shift'));
    }
    if (stage.at === 'confirm') key('F7', WORDS.yesAgain, () => void till.agree(stage.quote, stage.cash, true));
    if (stage.at === 'sold') {
      const { recharge } = stage;
      if (recharge.receiptNo !== null) {
        key('F3', WORDS.savePdf, () => void files.make(recharge, 'pdf'));
        key('F4', WORDS.receiptPrinter, () => void files.make(recharge, 'escpos'));
      }
      key('F9', WORDS.printCopy, () => void till.reprint(recharge.rechargeId));
    }
    if (!inHand) key('F10', stage.at === 'find' ? WORDS.office : WORDS.meterCard, () => toOffice(meterAt(stage)));
    if (stage.at === 'absent') key('Escape', WORDS.drop, () => void till.drop(stage.sale));
    else if (!inHand && stage.at !== 'find' && stage.at !== 'sold') key('Escape', WORDS.back, () => step('back'));
  }

  const reprint = (rechargeId: string) => {
    setListing(false);
    void till.reprint(rechargeId);
  };
  return (
    <Frame person={person} trouble={till.trouble ?? files.trouble} keys={keys} onLeave={onLeave}>
      <ShiftLine turn={stage.at === 'sold' ? stage.recharge.rechargeId : 'others'} />
      {strange && <StrangeSale sale={strange} />}
      {listing ? <Today onChoose={reprint} /> : <Work till={till} units={units} person={person} />}
    </Frame>
  );
}

/** The meter that the customer at the window is about; undefined before one is found. */
function meterAt(stage: Till['stage']): string | undefined {
  if (stage.at === 'sold') return stage.recharge.meterNo;
  return 'meter' in stage ? stage.meter?.meterNo : undefined;
}

/** Everything besides selling: the card of that meter. What was sold last is still here on the way back. */
function toOffice(meterNo: string | undefined): void {
  window.location.assign(meterNo === undefined ? '/office/' : `/office/meters/${meterNo}`);
}

function Work({ till, units, person }: { readonly till: Till; readonly units: boolean; readonly person: Person }) {
  const { stage } = till;
  switch (stage.at) {
    case 'find':
      return <FindStep till={till} choices={stage.choices} />;
    case 'amount':
    case 'quote':
    case 'confirm': {
      const quote = stage.at === 'amount' ? undefined : stage.quote;
      return (
        <div className="desk">
          <div>
            <MeterCard meter={stage.meter} />
            {stage.at === 'amount' && <AmountStep key={String(units)} till={till} meter={stage.meter} units={units} />}
            {stage.at === 'quote' && <QuoteStep till={till} quote={stage.quote} />}
            {stage.at === 'confirm' && <ConfirmStep till={till} quote={stage.quote} />}
          </div>
          <PricePanel quote={quote} />
        </div>
      );
    }
    case 'sending':
    case 'checking':
      return <DoubtStep sale={stage.sale} checking={stage.at === 'checking'} />;
    case 'absent':
      return <AbsentStep till={till} sale={stage.sale} person={person} />;
    case 'sold': {
      const { recharge, cash } = stage;
      return (
        <SoldStep
          key={`${recharge.rechargeId}${recharge.copy}`}
          recharge={recharge}
          cash={cash}
          station={person.station}
          onNext={() => till.step('next')}
        />
      );
    }
  }
}
