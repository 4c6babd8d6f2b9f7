import { Alert, Badge, Button, FileInput, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { useEffect, useState, type FormEvent } from 'react';
import '../keys/keys.css';
import { moment, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import { SHARED_WORDS } from '../../shared/shared-words';
import type { Text as Words } from '../../shared/words';
import type { OfficePageProps } from '../office-page-props';
import { List, useList, useReading, Waiting } from '../reading';
import { go, PageLink } from '../route';
import { useStaff, useTrouble } from '../staff';
import type { Import } from './import-answers';
import { IMPORT_STATE_WORDS, IMPORT_WORDS as WORDS } from './import-words';
import { kindOf, sendImport, takeReport } from './upload';

/** How often somebody who watches an import sees new figures. */
const LOOK_EVERY_MS = 1_000;
const TRY_AGAIN_MS = 3_000;

/** `/office/imports`: a file to send and those before; `/office/imports/<id>`: how far one is. */
export default function ImportsPage({ rest: [id] }: OfficePageProps) {
  const { can } = useStaff();
  if (id !== undefined) return <OneImport key={id} id={id} />;
  return (
    <Stack>
      {can('import.run') && <Send />}
      <Earlier />
    </Stack>
  );
}

function Send() {
  const { t } = useWords();
  const troubleOf = useTrouble();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState<number>();
  const [trouble, setTrouble] = useState<Words>();

  const send = async (chosen: File) => {
    const key = crypto.randomUUID();
    for (;;) {
      setShare(0);
      const sent = await sendImport(chosen, key, setShare);
      if (sent.kind === 'taken') return go('imports', key);
      if (sent.kind === 'refused') {
        setShare(undefined);
        return setTrouble(troubleOf(sent));
      }
      setTrouble(WORDS.lost);
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    if (kindOf(file.name) === undefined) return setTrouble(WORDS.onlyTables);
    setTrouble(undefined);
    void send(file);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Group align="end">
          <FileInput
            className="wide"
            label={t(WORDS.file)}
            placeholder={t(WORDS.choose)}
            accept=".csv,.xlsx"
            required
            value={file}
            onChange={setFile}
          />
          <Button type="submit" disabled={file === null} loading={share !== undefined}>
            {t(WORDS.send)}
          </Button>
        </Group>
        {share !== undefined && (
          <>
            <Text role="status">{t(WORDS.sending)}</Text>
            <Bar percent={share} />
          </>
        )}
        {trouble && (
          <Alert color="red" role="alert">
            {t(trouble)}
          </Alert>
        )}
      </Stack>
    </form>
  );
}

function Bar({ percent }: { readonly percent: number }) {
  const { t } = useWords();
  return (
    <Progress.Root size="xl">
      <Progress.Section value={percent} color="teal.9" aria-label={t(WORDS.progress)} />
    </Progress.Root>
  );
}

function Earlier() {
  const { t, language } = useWords();
  const list = useList<Import>('/v1/imports');
  return (
    <section aria-label={t(WORDS.earlier)}>
      <Text fw={700}>{t(WORDS.earlier)}</Text>
      <List list={list}>
        {(items) => (
          <Table.ScrollContainer type="native" minWidth={560} tabIndex={0}>
            <Table striped aria-label={t(WORDS.earlier)}>
              <Table.Thead>
                <Table.Tr>
                  {[WORDS.file, WORDS.by, WORDS.state, WORDS.rows, WORDS.rejected].map((word) => (
                    <Table.Th key={word.en}>{t(word)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((job) => (
                  <Table.Tr key={job.id}>
                    <Table.Td>
                      <PageLink to={['imports', job.id]}>{job.fileName}</PageLink>
                    </Table.Td>
                    <Table.Td>
                      {job.madeBy}, {moment(job.madeAt, language)}
                    </Table.Td>
                    <Table.Td>
                      <ImportBadge state={job.state} />
                    </Table.Td>
                    <Table.Td>{number(String(job.rows), language)}</Table.Td>
                    <Table.Td>{number(String(job.rejected), language)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </List>
    </section>
  );
}

const COLOURS: Readonly<Record<Import['state'], string>> = {
  QUEUED: 'gray.8',
  RUNNING: 'blue.9',
  DONE: 'teal.9',
  FAILED: 'red.9',
};

function ImportBadge({ state }: { readonly state: Import['state'] }) {
  const { t } = useWords();
  return <Badge color={COLOURS[state]}>{t(IMPORT_STATE_WORDS[state])}</Badge>;
}

function OneImport({ id }: { readonly id: string }) {
  const { t } = useWords();
  const reading = useReading<Import>(`/v1/imports/${encodeURIComponent(id)}`);
  const { body: job, again } = reading;
  const going = job !== undefined && (job.state === 'QUEUED' || job.state === 'RUNNING');
  useEffect(() => {
    if (!going) return;
    const timer = window.setInterval(again, LOOK_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [going, again]);
  return (
    <Waiting reading={reading} ready={job !== undefined}>
      {job && (
        <Stack>
          <PageLink to={['imports']}>{t(WORDS.toList)}</PageLink>
          <Text fw={700} size="lg" role="status">
            {job.fileName} <ImportBadge state={job.state} />
          </Text>
          <Bar percent={job.percent} />
          <Figures job={job} />
          {job.refusal && (
            <Alert color="red" role="alert">
              {t(job.refusal)}
            </Alert>
          )}
          {job.faults > 0 && <Report job={job} />}
        </Stack>
      )}
    </Waiting>
  );
}

function Figures({ job }: { readonly job: Import }) {
  const { t, language } = useWords();
  const count = (value: number) => number(String(value), language);
  const { secondsLeft } = job;
  const left =
    secondsLeft === null
      ? '–'
      : t(WORDS.leftIs, { minutes: count(Math.floor(secondsLeft / 60)), seconds: count(secondsLeft % 60) });
  const rows = (['rows', 'inserted', 'updated', 'unchanged', 'rejected'] as const).map(
    (name) => [WORDS[name], count(job[name])] as const,
  );
  return (
    <dl className="key-facts">
      {[...rows, [WORDS.rate, count(job.rowsPerSecond)] as const, [WORDS.left, left] as const].map(([word, value]) => (
        <div key={word.en}>
          <dt>{t(word)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Report({ job }: { readonly job: Import }) {
  const { t } = useWords();
  const [lost, setLost] = useState(false);
  const take = async () => setLost(!(await takeReport(job.id, job.fileName)));
  return (
    <section>
      <Text size="sm">{t(WORDS.reportWhy)}</Text>
      <Button variant="default" mt="xs" onClick={() => void take()}>
        {t(WORDS.report)}
      </Button>
      {lost && (
        <Alert color="red" role="alert" mt="xs">
          {t(SHARED_WORDS.noAnswer)}
        </Alert>
      )}
    </section>
  );
}
