import { useCallback, useEffect, useState } from 'react';
import { callApi } from '../shared/api';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import { keepPayment, keptPayment, type Payment } from './kept';
import type { Gateways, OrderStarted, OwnMeter, OwnPayment } from './own-answers';
import { Card, isOver, taka, Trouble, troubleOf, useFetched, Wait } from './parts';

const LOOK_MS = 4_000;

/** The payment to send: a kept one that nobody has answered is sent again under its key, so that it is one order. */
function paymentOf(wanted: Omit<Payment, 'key' | 'orderNo'>): Payment {
  const kept = keptPayment();
  const isSame =
    kept?.orderNo === undefined &&
    kept?.meterNo === wanted.meterNo &&
    kept.amount === wanted.amount &&
    kept.gateway === wanted.gateway;
  return isSame ? kept : { ...wanted, key: crypto.randomUUID() };
}

/** The ways to pay an amount. The browser goes to the gateway, and comes back by the page of the payment. */
export function Pay({
  meter,
  amount,
  onOver,
  onBegun,
}: {
  readonly meter: OwnMeter;
  readonly amount: string;
  readonly onOver: () => void;
  readonly onBegun: (orderNo: string) => void;
}) {
  const { t, language } = useWords();
  const { body, trouble, again } = useFetched<Gateways>('/v1/checkout/gateways', onOver);
  const [refused, setRefused] = useState<Text>();
  const [busy, setBusy] = useState(false);

  const begin = async (gateway: string) => {
    setBusy(true);
    const payment = paymentOf({ meterNo: meter.meterNo, amount, gateway });
    keepPayment(payment);
    const outcome = await callApi<OrderStarted>({
      path: '/v1/checkout/orders',
      body: { reference: meter.meterNo, amount, gateway, language },
      idempotencyKey: payment.key,
    });
    setBusy(false);
    if (outcome.kind === 'lost') return setRefused(WORDS.payLost);
    if (outcome.kind === 'refused') {
      if (!outcome.problem.retryable) keepPayment(undefined);
      return setRefused(troubleOf(outcome));
    }
    const { orderNo, payUrl } = outcome.body;
    keepPayment({ ...payment, orderNo });
    onBegun(orderNo);
    window.location.assign(payUrl);
  };

  return (
    <>
      <Trouble text={trouble ?? refused} again={trouble && again} />
      {body?.items.length === 0 && <p>{t(WORDS.noGateway)}</p>}
      {body?.items.map(({ code, name }) => (
        <button key={code} type="button" disabled={busy} onClick={() => void begin(code)}>
          {t(WORDS.pay, { name })}
        </button>
      ))}
      {busy && <Wait />}
    </>
  );
}

/** What became of a payment: asked again until nothing more will change, whatever the line does meanwhile. */
export function PaymentCard({
  orderNo,
  onOver,
  onReceipt,
  onClose,
}: {
  readonly orderNo: string;
  readonly onOver: () => void;
  readonly onReceipt: (rechargeId: string) => void;
  readonly onClose: () => void;
}) {
  const { t, language } = useWords();
  const [payment, setPayment] = useState<OwnPayment>();
  const [trouble, setTrouble] = useState<Text>();

  const look = useCallback(async (): Promise<'again' | 'done'> => {
    const outcome = await callApi<OwnPayment>({ path: '/v1/my/payments/status', body: { orderNo } });
    if (isOver(outcome)) onOver();
    setTrouble(
      outcome.kind === 'answer' ? undefined : outcome.kind === 'lost' ? WORDS.paymentLost : troubleOf(outcome),
    );
    if (outcome.kind === 'answer') setPayment(outcome.body);
    return outcome.kind === 'lost' || (outcome.kind === 'answer' && !outcome.body.final) ? 'again' : 'done';
  }, [orderNo, onOver]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const turn = async () => {
      const next = await look();
      if (!gone && next === 'again') timer = setTimeout(() => void turn(), LOOK_MS);
    };
    void turn();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [look]);

  const rechargeId = payment?.rechargeId;
  return (
    <Card title={t(WORDS.payment, { no: orderNo })}>
      <div className="payment" role="status">
        {!payment && !trouble && <Wait text={WORDS.asking} />}
        {payment && (
          <p>
            <strong>{taka(payment.amount, language)}</strong> · {payment[language]}
          </p>
        )}
      </div>
      <Trouble text={trouble} />
      {rechargeId && (
        <button type="button" onClick={() => onReceipt(rechargeId)}>
          {t(WORDS.paidTokens)}
        </button>
      )}
      {(payment?.final ?? trouble) && (
        <button type="button" className="plain" onClick={onClose}>
          {t(WORDS.close)}
        </button>
      )}
    </Card>
  );
}
