import { useCallback, useEffect, useState } from 'react';
import { callApi } from '../shared/api';
import { moment, number } from '../shared/format';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS, KIND_WORDS } from './customer-words';
import { doneWith, keepTokens, openedTokens, type OpenedTokens } from './kept';
import type { OwnMeter, OwnReceipt, OwnRecharge, OwnRecharges, OwnTokens } from './own-answers';
import { Card, isOver, taka, Trouble, troubleOf, useFetched, useGiven, Wait } from './parts';
import { Lines } from './quote';

const PAGE = 10;

/** What was sold to a meter, the latest first, page by page. */
export function History({
  meter,
  onOver,
  onChosen,
}: {
  readonly meter: OwnMeter;
  readonly onOver: () => void;
  readonly onChosen: (rechargeId: string) => void;
}) {
  const { t, language } = useWords();
  const given = useGiven();
  const [items, setItems] = useState<readonly OwnRecharge[]>();
  const [cursor, setCursor] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Text>();

  const load = useCallback(
    async (from: string | null) => {
      const after = from === null ? '' : `&cursor=${from}`;
      const outcome = await callApi<OwnRecharges>({
        path: `/v1/my/meters/${meter.meterNo}/recharges?limit=${PAGE}${after}`,
      });
      if (isOver(outcome)) return onOver();
      if (outcome.kind !== 'answer') return setTrouble(troubleOf(outcome));
      setTrouble(undefined);
      setItems((before) => [...(from === null ? [] : (before ?? [])), ...outcome.body.items]);
      setCursor(outcome.body.nextCursor);
    },
    [meter.meterNo, onOver],
  );
  useEffect(() => {
    void Promise.resolve().then(() => load(null));
  }, [load]);

  return (
    <Card title={t(WORDS.history)}>
      <Trouble text={trouble} again={() => void load(items ? cursor : null)} />
      {!items && !trouble && <Wait />}
      {items?.length === 0 && <p>{t(WORDS.noHistory)}</p>}
      <ul className="history">
        {items?.map(({ rechargeId, kind, bookedAt, amount, energy }) => (
          <li key={rechargeId}>
            <button type="button" className="row" onClick={() => onChosen(rechargeId)}>
              <span>{moment(bookedAt, language)}</span>
              <strong>{taka(amount, language)}</strong>
              <small>
                {KIND_WORDS[kind] && `${t(KIND_WORDS[kind])} · `}
                {given(energy, null)}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {cursor !== null && (
        <button type="button" className="plain" onClick={() => void load(cursor)}>
          {t(WORDS.more)}
        </button>
      )}
    </Card>
  );
}

export type WhichReceipt = { readonly rechargeId: string } | { readonly receiptNo: string };

function pathOf(which: WhichReceipt): `/v1/${string}` {
  return 'rechargeId' in which ? `/v1/my/recharges/${which.rechargeId}` : `/v1/my/receipts/${which.receiptNo}`;
}

/** One receipt, line by line, and the way to its tokens. */
export function Receipt({
  which,
  onOver,
  onTokens,
}: {
  /** A recharge of the list, or the number on a receipt, as the link in an SMS has it. */
  readonly which: WhichReceipt;
  readonly onOver: () => void;
  readonly onTokens: (tokens: OpenedTokens) => void;
}) {
  const { t, language } = useWords();
  const given = useGiven();
  const { body, trouble, again } = useFetched<OwnReceipt>(pathOf(which), onOver);
  const [refused, setRefused] = useState<Text>();

  const open = async (receipt: OwnReceipt) => {
    const { rechargeId, receiptNo, meterNo } = receipt;
    const known = openedTokens().find((each) => each.receipt.rechargeId === rechargeId);
    if (known) return onTokens(known);
    const outcome = await callApi<OwnTokens>({ path: `/v1/my/recharges/${rechargeId}/tokens`, body: {} });
    if (isOver(outcome)) return onOver();
    if (outcome.kind !== 'answer') return setRefused(troubleOf(outcome));
    const opened = { ...outcome.body, receipt: { rechargeId, receiptNo, meterNo }, done: doneWith(rechargeId) };
    keepTokens(opened);
    onTokens(opened);
  };

  return (
    <Card title={t(WORDS.receipt)}>
      <Trouble text={trouble ?? refused} again={again} />
      {!body && !trouble && <Wait />}
      {body && (
        <>
          <dl>
            <dt>{t(WORDS.receipt)}</dt>
            <dd>{body.receiptNo}</dd>
            <dt>{t(WORDS.meter)}</dt>
            <dd>{body.meterNo}</dd>
            <dt>{moment(body.bookedAt, language)}</dt>
            <dd>{body.customerName}</dd>
            <dt>{t(WORDS.paid)}</dt>
            <dd>{taka(body.amount, language)}</dd>
            <dt>{t(WORDS.gives)}</dt>
            <dd>{given(body.energy, body.credit)}</dd>
            {body.arrearsLeft !== null && (
              <>
                <dt>{t(WORDS.arrearsLeft)}</dt>
                <dd>{taka({ value: body.arrearsLeft }, language)}</dd>
              </>
            )}
          </dl>
          <Lines lines={body.lines} />
          {body.tokenCount > 0 && (
            <button type="button" onClick={() => void open(body)}>
              {t(WORDS.openTokens, { n: number(String(body.tokenCount), language) })}
            </button>
          )}
          <a className="button" href={`/v1/my/recharges/${body.rechargeId}/receipt.pdf?language=${language}`} download>
            {t(WORDS.receiptFile)}
          </a>
        </>
      )}
    </Card>
  );
}
