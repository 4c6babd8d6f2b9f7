import { Alert, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { Receipt } from '../../counter/receipt';
import type { Recharge } from '../../shared/answers';
import { callApi } from '../../shared/api';
import { money, moment, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { Text } from '../../shared/words';
import { List, useList } from '../reading';
import { go } from '../route';
import { useStaff, useTrouble } from '../staff';
import type { MeterVend } from './answers';
import { METER_WORDS } from './meter-words';
import { Part } from './parts';

function kindText(kind: string): Text {
  const key = `kind.${kind}`;
  return key in METER_WORDS ? METER_WORDS[key as keyof typeof METER_WORDS] : { bn: kind, en: kind };
}

/** What was sold to a meter, the latest first; its receipts as copies, on paper or by SMS. */
export function VendsPart({ meterNo }: { readonly meterNo: string }) {
  const { t } = useWords();
  const { can } = useStaff();
  const troubleOf = useTrouble();
  const list = useList<MeterVend>(`/v1/meters/${meterNo}/vends?limit=20`);
  const [receipts, setReceipts] = useState<readonly Recharge[]>([]);
  const [said, setSaid] = useState<Text>();
  const [busy, setBusy] = useState(false);

  /** One at a time: a second press in the meantime would be a second SMS. */
  const working = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    await work();
    setBusy(false);
  };
  const reprint = async (rechargeId: string) => {
    const outcome = await callApi<Recharge>({ path: `/v1/recharges/${rechargeId}/reprints`, body: {} });
    setSaid(troubleOf(outcome));
    if (outcome.kind === 'answer') setReceipts([outcome.body]);
  };
  const reprintLast = async () => {
    const path = `/v1/meters/${meterNo}/reprints` as const;
    const outcome = await callApi<{ readonly items: readonly Recharge[] }>({ path, body: { last: 3 } });
    setSaid(troubleOf(outcome));
    if (outcome.kind === 'answer') setReceipts(outcome.body.items);
  };
  const sendAgain = async (vendId: string) => {
    const path = `/v1/vends/${vendId}/sms` as const;
    const outcome = await callApi({ path, body: {}, idempotencyKey: crypto.randomUUID() });
    setSaid(troubleOf(outcome) ?? METER_WORDS.smsQueued);
  };
  return (
    <Part title={METER_WORDS.vends}>
      {can('vend.reprint') && (
        <Button mt="xs" size="compact-md" variant="default" loading={busy} onClick={() => void working(reprintLast)}>
          {t(METER_WORDS.lastReceipts)}
        </Button>
      )}
      <div className="office-said" role="status">
        {said && <Alert p="xs">{t(said)}</Alert>}
      </div>
      {receipts.length > 0 && <Copies receipts={receipts} onClose={() => setReceipts([])} />}
      <List list={list}>
        {(items) => (
          <ul className="office-rows">
            {items.map((vend, index) => (
              <VendRow
                key={vend.rechargeId}
                vend={vend}
                onReprint={() => void working(() => reprint(vend.rechargeId))}
                onSendAgain={() => void working(() => sendAgain(vend.vendId))}
                onCancel={index === 0 ? () => go('meters', meterNo, 'work', 'cancel', vend.rechargeId) : undefined}
              />
            ))}
          </ul>
        )}
      </List>
    </Part>
  );
}

interface VendRowProps {
  readonly vend: MeterVend;
  readonly onReprint: () => void;
  readonly onSendAgain: () => void;
  /** Only the last one can be cancelled. */
  readonly onCancel: (() => void) | undefined;
}

function VendRow({ vend, onReprint, onSendAgain, onCancel }: VendRowProps) {
  const { t, language } = useWords();
  const { can, person } = useStaff();
  const { receiptNo, kind, bookedAt, source, amount, energy } = vend;
  // A clerk's own till only: another's is not there for them.
  const reachable = person.role !== 'clerk' || source === `till:${person.station}`;
  const act = (label: Text, does: () => void) => (
    <Button size="compact-sm" variant="default" onClick={does} aria-label={`${t(label)} ${receiptNo}`}>
      {t(label)}
    </Button>
  );
  return (
    <li className="office-row">
      <span>
        <b>{t(METER_WORDS.taka, { taka: money(amount.value, language) })}</b> · {t(kindText(kind))}
        {energy && ` · ${number(energy.kwh, language)} kWh`}
        <br />
        <small>
          {moment(bookedAt, language)} · {receiptNo} · {source}
        </small>
      </span>
      <Group gap="xs">
        {reachable && can('vend.reprint') && act(METER_WORDS.reprint, onReprint)}
        {can('receipt.send-again') && act(METER_WORDS.smsAgain, onSendAgain)}
        {onCancel && reachable && kind === 'credit' && can('vend.ask-cancel') && act(METER_WORDS.cancel, onCancel)}
      </Group>
    </li>
  );
}

function Copies({ receipts, onClose }: { readonly receipts: readonly Recharge[]; readonly onClose: () => void }) {
  const { t } = useWords();
  const { person } = useStaff();
  return (
    <div className="office-copies on-paper">
      {receipts.map((recharge) => (
        <Receipt key={recharge.rechargeId} recharge={recharge} station={person.station} />
      ))}
      <Group className="no-print">
        <Button autoFocus onClick={() => window.print()}>
          {t(METER_WORDS.print)}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t(METER_WORDS.closeReceipt)}
        </Button>
      </Group>
    </div>
  );
}
