import { useState, type FormEvent } from 'react';
import { callApi, type Outcome } from '../shared/api';
import { latinDigits } from '../shared/format';
import { useWords } from '../shared/language';
import { finishLeaving } from '../shared/leaving';
import type { Text } from '../shared/words';
import { CUSTOMER_WORDS as WORDS } from './customer-words';
import { EXIT } from './kept';
import type { CodeAsked, OwnSession } from './own-answers';
import { Card, Trouble, troubleOf } from './parts';

/** Comes in: meter and phone, then the code that the phone got. */
export function SignIn({
  said,
  onEntered,
}: {
  /** Why somebody is here again. */
  readonly said: Text | undefined;
  readonly onEntered: (session: OwnSession) => void;
}) {
  const { t } = useWords();
  const [ticket, setTicket] = useState<string>();
  return (
    <Card title={t(WORDS.title)}>
      {said && <p role="status">{t(said)}</p>}
      {ticket === undefined ? (
        <Numbers onAsked={setTicket} />
      ) : (
        <CodeEntry ticket={ticket} onEntered={onEntered} onOther={() => setTicket(undefined)} />
      )}
    </Card>
  );
}

function Numbers({ onAsked }: { readonly onAsked: (ticket: string) => void }) {
  const { t } = useWords();
  const [reference, setReference] = useState('');
  const [mobile, setMobile] = useState('');
  const [trouble, setTrouble] = useState<Text>();
  const [busy, setBusy] = useState(false);

  const ask = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const body = { reference: plain(reference), mobile: plain(mobile) };
    const outcome = await callApi<CodeAsked>({ path: '/v1/my/codes', body });
    setBusy(false);
    if (outcome.kind === 'answer') onAsked(outcome.body.ticket);
    else setTrouble(troubleOf(outcome));
  };

  return (
    <form onSubmit={ask}>
      <p>{t(WORDS.comeIn)}</p>
      <Trouble text={trouble} />
      <label>
        {t(WORDS.meterNo)}
        <input
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="off"
          maxLength={24}
          required
        />
      </label>
      <label>
        {t(WORDS.mobile)}
        <input
          value={mobile}
          onChange={(event) => setMobile(event.currentTarget.value)}
          type="tel"
          autoComplete="tel-national"
          placeholder="01XXXXXXXXX"
          maxLength={17}
          required
        />
      </label>
      <button disabled={busy}>{t(busy ? WORDS.wait : WORDS.askCode)}</button>
    </form>
  );
}

function CodeEntry({
  ticket,
  onEntered,
  onOther,
}: {
  readonly ticket: string;
  readonly onEntered: (session: OwnSession) => void;
  readonly onOther: () => void;
}) {
  const { t } = useWords();
  const [code, setCode] = useState('');
  const [trouble, setTrouble] = useState<Text>();
  const [busy, setBusy] = useState(false);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    // Whoever was in before is out first: the end of that session must not take this one's cookie with it.
    const outcome: Outcome<OwnSession> = (await finishLeaving(EXIT))
      ? await callApi<OwnSession>({ path: '/v1/my/sessions', body: { ticket, code: plain(code) } })
      : { kind: 'lost' };
    setBusy(false);
    if (outcome.kind === 'answer') return onEntered(outcome.body);
    setCode('');
    setTrouble(troubleOf(outcome));
  };

  return (
    <form onSubmit={enter}>
      <p role="status">{t(WORDS.codeOnWay)}</p>
      <Trouble text={trouble} />
      <label>
        {t(WORDS.code)}
        <input
          className="code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={6}
          required
          autoFocus
        />
      </label>
      <button disabled={busy}>{t(busy ? WORDS.wait : WORDS.enter)}</button>
      <button type="button" className="plain" onClick={onOther}>
        {t(WORDS.otherNumbers)}
      </button>
    </form>
  );
}

/** As the server reads it, whatever keyboard it was typed on. */
function plain(typed: string): string {
  return latinDigits(typed).replaceAll(/[\s-]/g, '');
}
