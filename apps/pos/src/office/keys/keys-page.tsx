import { Alert, Badge, Stack, Table, Text, Title } from '@mantine/core';
import './keys.css';
import { moment, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { useReading, Waiting } from '../reading';
import type { KeyStatus, VendingKey } from './key-answers';
import { KEY_STATE_WORDS, KEY_WORDS as WORDS } from './key-words';

/** From so many days before its end a key is an officer's next work. */
const SOON_DAYS = 90;

/** What the token server holds, when it ends, and how many meters hang on it. */
export default function KeysPage() {
  const { t } = useWords();
  const reading = useReading<KeyStatus>('/v1/keys');
  const { body } = reading;
  return (
    <Waiting reading={reading} ready={body !== undefined}>
      {body && (
        <Stack>
          <Text>{t(WORDS.noKeyHere)}</Text>
          {body.tokenServer ? (
            <TokenServer server={body.tokenServer} />
          ) : (
            <Alert color="orange" role="alert">
              {t(WORDS.away)}
            </Alert>
          )}
          <MetersUnderKeys meters={body.meters} />
        </Stack>
      )}
    </Waiting>
  );
}

/** The one warning that every new system has is said in both languages; another is the server's own sentence. */
function Warning({ sentence }: { readonly sentence: string }) {
  const { t } = useWords();
  const known = sentence.includes('sample tables');
  return (
    <Alert color="orange" role="note">
      {known ? t(WORDS.sampleTables) : `${t(WORDS.warns)} ${sentence}`}
    </Alert>
  );
}

function TokenServer({ server }: { readonly server: NonNullable<KeyStatus['tokenServer']> }) {
  const { t, language } = useWords();
  const count = (value: number) => number(String(value), language);
  const facts = [
    [WORDS.module, server.modules.join(', ')],
    [WORDS.tables, server.staTables],
    [WORDS.issued, count(server.tokensIssued)],
    [WORDS.refused, count(server.requestsRefused)],
    [WORDS.auditLines, count(server.auditLines)],
  ] as const;
  return (
    <>
      {server.warnings.map((sentence) => (
        <Warning key={sentence} sentence={sentence} />
      ))}
      <section aria-label={t(WORDS.server)}>
        <Title order={3} size="h4">
          {t(WORDS.server)}
        </Title>
        <dl className="key-facts">
          {facts.map(([word, value]) => (
            <div key={word.en}>
              <dt>{t(word)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Title order={3} size="h4">
        {t(WORDS.keys)}
      </Title>
      <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
        <Table striped aria-label={t(WORDS.keys)}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>SGC</Table.Th>
              <Table.Th>KRN</Table.Th>
              <Table.Th>{t(WORDS.kind)}</Table.Th>
              <Table.Th>{t(WORDS.baseDate)}</Table.Th>
              <Table.Th>KEN</Table.Th>
              <Table.Th>{t(WORDS.kcv)}</Table.Th>
              <Table.Th>{t(WORDS.state)}</Table.Th>
              <Table.Th>{t(WORDS.ends)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {server.keys.map((key) => (
              <KeyRow key={`${key.sgc}/${key.krn}`} held={key} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function KeyRow({ held }: { readonly held: VendingKey }) {
  const { t, language } = useWords();
  const { sgc, krn, kind, baseDate, ken, kcv, expiresAt, daysLeft, state } = held;
  const known = state === 'active' || state === 'retired' || state === 'loaded' ? t(KEY_STATE_WORDS[state]) : state;
  return (
    <Table.Tr>
      <Table.Td>{sgc}</Table.Td>
      <Table.Td>{krn}</Table.Td>
      <Table.Td>{kind}</Table.Td>
      <Table.Td>{baseDate}</Table.Td>
      <Table.Td>{ken}</Table.Td>
      <Table.Td>
        <code>{kcv}</code>
      </Table.Td>
      <Table.Td>
        <Badge color={state === 'active' ? 'teal.9' : 'gray.8'}>{known}</Badge>
      </Table.Td>
      <Table.Td>
        {expiresAt === null ? t(WORDS.never) : `${moment(expiresAt, language)} · `}
        {daysLeft !== null && <Days left={daysLeft} />}
      </Table.Td>
    </Table.Tr>
  );
}

function Days({ left }: { readonly left: number }) {
  const { t, language } = useWords();
  const text = `${t(WORDS.days)}: ${number(String(left), language)}`;
  return left <= SOON_DAYS ? <Badge color="red.9">{text}</Badge> : text;
}

function MetersUnderKeys({ meters }: { readonly meters: KeyStatus['meters'] }) {
  const { t, language } = useWords();
  const count = (value: number) => number(String(value), language);
  return (
    <>
      <Title order={3} size="h4">
        {t(WORDS.metersUnder)}
      </Title>
      <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
        <Table striped aria-label={t(WORDS.metersUnder)}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>SGC</Table.Th>
              <Table.Th>KRN</Table.Th>
              <Table.Th>TI</Table.Th>
              <Table.Th>KEN</Table.Th>
              <Table.Th>{t(WORDS.baseDate)}</Table.Th>
              <Table.Th>{t(WORDS.meters)}</Table.Th>
              <Table.Th>{t(WORDS.changeOpen)}</Table.Th>
              <Table.Th>{t(WORDS.ends)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {meters.map((group) => (
              <Table.Tr key={`${group.sgc}/${group.krn}/${group.ti}/${group.ken}/${group.baseDate}`}>
                <Table.Td>{group.sgc}</Table.Td>
                <Table.Td>{group.krn}</Table.Td>
                <Table.Td>{group.ti}</Table.Td>
                <Table.Td>{group.ken}</Table.Td>
                <Table.Td>{group.baseDate}</Table.Td>
                <Table.Td>{count(group.meters)}</Table.Td>
                <Table.Td>{count(group.changeOpen)}</Table.Td>
                <Table.Td>
                  {moment(group.endsAt, language)} · <Days left={group.daysLeft} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
