import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useEffect, useState, type FormEvent } from 'react';
import { callApi } from '../../shared/api';
import { useWords } from '../../shared/language';
import type { Text as Words } from '../../shared/words';
import { useReading, type ListPage } from '../reading';
import { useStaff, useTrouble } from '../staff';
import type { Asked, TariffWhole, Waits } from './tariff-answers';
import { TARIFF_WORDS as WORDS } from './tariff-words';

type Act = 'publish' | 'revoke';

/** What this browser asked for and must ask again for in the same words: the key makes it the same request. */
interface Kept {
  readonly key: string;
  /** null: sent, and no answer has come. */
  readonly approvalId: string | null;
  readonly reason: string;
}

/** Under the person's own name: the next one at this desk has asked for nothing. */
const storedAs = (act: Act, { book, code }: TariffWhole, who: string) => `vend.tariff.${act}.${book}.${code}.${who}`;

function readKept(name: string): Kept | undefined {
  const text = localStorage.getItem(name);
  return text === null ? undefined : (JSON.parse(text) as Kept);
}

/** How often somebody who waits for a second person looks. */
const LOOK_EVERY_MS = 5_000;

interface DecisionProps {
  readonly document: TariffWhole;
  readonly act: Act;
  readonly onDone: () => void;
}

/** Asks for a second person's word, waits for it, and then has it done: by the one who asked, once. */
export function Decision({ document, act, onDone }: DecisionProps) {
  const { t } = useWords();
  const { person } = useStaff();
  const name = storedAs(act, document, person.username);
  const [kept, setKept] = useState(() => readKept(name));
  const [reason, setReason] = useState('');
  const [trouble, setTrouble] = useState<Words>();
  const [busy, setBusy] = useState(false);
  const troubleOf = useTrouble();

  const keep = (next: Kept | undefined) => {
    if (next) localStorage.setItem(name, JSON.stringify(next));
    else localStorage.removeItem(name);
    setKept(next);
  };
  const send = async ({ key, reason: why, approvalId }: Kept) => {
    // Written down before it is sent: whatever becomes of the answer, it is asked for again by this key.
    keep({ key, reason: why, approvalId });
    setBusy(true);
    const path = `/v1/tariffs/${encodeURIComponent(document.code)}/${act}` as const;
    const body = { book: document.book, reason: why };
    const outcome = await callApi<TariffWhole | Waits>({ path, body, idempotencyKey: key });
    setBusy(false);
    setTrouble(troubleOf(outcome));
    if (outcome.kind === 'lost') return;
    if (outcome.kind === 'refused' && (outcome.problem.retryable || outcome.problem.status === 401)) return;
    if (outcome.kind === 'answer' && 'approval' in outcome.body) {
      return keep({ key, approvalId: outcome.body.approval.id, reason: why });
    }
    keep(undefined);
    onDone();
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    void send({ key: crypto.randomUUID(), approvalId: null, reason: reason.trim() });
  };
  return (
    <Stack gap="xs">
      {trouble && (
        <Alert color="red" role="alert">
          {t(trouble)}
        </Alert>
      )}
      {kept?.approvalId === null && (
        <Button variant="default" loading={busy} onClick={() => void send(kept)}>
          {t(WORDS.sendAgain)}
        </Button>
      )}
      {typeof kept?.approvalId === 'string' && (
        <Waiting
          key={kept.approvalId}
          act={act}
          approvalId={kept.approvalId}
          busy={busy}
          onGo={() => void send(kept)}
          onAgain={() => keep(undefined)}
        />
      )}
      {kept === undefined && (
        <form onSubmit={ask}>
          <Group align="end">
            <TextInput
              className="wide"
              label={t(WORDS.reason)}
              required
              minLength={3}
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Button type="submit" loading={busy} color={act === 'revoke' ? 'red.9' : undefined}>
              {t(act === 'publish' ? WORDS.askPublish : WORDS.askRevoke)}
            </Button>
          </Group>
        </form>
      )}
    </Stack>
  );
}

interface WaitingProps {
  readonly act: Act;
  readonly approvalId: string;
  readonly busy: boolean;
  readonly onGo: () => void;
  readonly onAgain: () => void;
}

function Waiting({ act, approvalId, busy, onGo, onAgain }: WaitingProps) {
  const { t } = useWords();
  const { body, again } = useReading<Asked>(`/v1/approvals/${approvalId}`);
  const pending = body === undefined || body.state === 'PENDING';
  useEffect(() => {
    if (!pending) return;
    const timer = window.setInterval(again, LOOK_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [pending, again]);
  if (pending) return <Text role="status">{t(WORDS.waits)}</Text>;
  const { state, decidedBy, note } = body;
  if (state === 'APPROVED' || state === 'USED') {
    return (
      <Group role="status">
        <Text>{t(WORDS.approved, { who: decidedBy ?? '' })}</Text>
        <Button loading={busy} onClick={onGo} color={act === 'revoke' ? 'red.9' : undefined}>
          {t(act === 'publish' ? WORDS.publishNow : WORDS.revokeNow)}
        </Button>
      </Group>
    );
  }
  return (
    <Group role="status">
      <Text>
        {state === 'REFUSED' ? t(WORDS.refused, { who: decidedBy ?? '', note: note ?? '–' }) : t(WORDS.expired)}
      </Text>
      <Button variant="default" onClick={onAgain}>
        {t(WORDS.askAgain)}
      </Button>
    </Group>
  );
}

/** What of this document waits for the word of who looks at it. */
export function YourWord({ document }: { readonly document: TariffWhole }) {
  const { can } = useStaff();
  return can('approval.decide') && can('approve.tariff') ? <Asks document={document} /> : null;
}

function Asks({ document: { book, code } }: { readonly document: TariffWhole }) {
  const { body } = useReading<ListPage<Asked>>('/v1/approvals?limit=100');
  const waiting =
    body?.items.filter(({ subject, content }) => subject === `price:${code}` && content['book'] === book) ?? [];
  return waiting.map((asked) => <Word key={asked.id} asked={asked} />);
}

function Word({ asked }: { readonly asked: Asked }) {
  const { t } = useWords();
  const troubleOf = useTrouble();
  const [note, setNote] = useState('');
  const [trouble, setTrouble] = useState<Words>();
  const [done, setDone] = useState(false);
  const answer = async (word: 'approve' | 'refuse') => {
    const body = word === 'refuse' ? { note: note.trim() } : {};
    const outcome = await callApi<Asked>({ path: `/v1/approvals/${asked.id}/${word}`, body });
    setTrouble(troubleOf(outcome));
    setDone(outcome.kind === 'answer');
  };
  const words = asked.kind === 'tariff-revocation' ? WORDS.yourWordRevoke : WORDS.yourWordPublish;
  if (done) return <Alert role="status">{t(WORDS.answered)}</Alert>;
  return (
    <section className="card" aria-label={t(WORDS.approve)}>
      <Text fw={700}>{t(words, { who: asked.requestedBy, reason: asked.reason })}</Text>
      <Text size="sm">{t(WORDS.yourWordWhy)}</Text>
      {trouble && (
        <Alert color="red" role="alert">
          {t(trouble)}
        </Alert>
      )}
      <Group align="end" mt="xs">
        <Button onClick={() => void answer('approve')}>{t(WORDS.approve)}</Button>
        <TextInput
          label={t(WORDS.note)}
          maxLength={300}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button variant="default" disabled={note.trim() === ''} onClick={() => void answer('refuse')}>
          {t(WORDS.refuse)}
        </Button>
      </Group>
    </section>
  );
}
