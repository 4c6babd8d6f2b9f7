import { Badge, Progress, Stack, Table, Text } from '@mantine/core';
import { useEffect } from 'react';
import './keys.css';
import { moment, number } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { OfficePageProps } from '../office-page-props';
import { List, useList, useReading, Waiting } from '../reading';
import { PageLink } from '../route';
import type { Campaign, CampaignFigures, CampaignWhole } from './key-answers';
import { CAMPAIGN_KIND_WORDS, CAMPAIGN_STATE_WORDS, FIGURE_WORDS, KEY_WORDS as WORDS } from './key-words';

/** How often somebody who watches a campaign sees new figures. */
const LOOK_EVERY_MS = 5_000;

/** `/office/campaigns`: all of them; `/office/campaigns/<name>`: how far one is. */
export default function CampaignsPage({ rest: [name] }: OfficePageProps) {
  return name === undefined ? <AllCampaigns /> : <OneCampaign key={name} name={name} />;
}

function AllCampaigns() {
  const { t, language } = useWords();
  const list = useList<Campaign>('/v1/campaigns');
  return (
    <Stack>
      <List list={list}>
        {(items) => (
          <Table.ScrollContainer type="native" minWidth={640} tabIndex={0}>
            <Table striped aria-label={t(WORDS.campaigns)}>
              <Table.Thead>
                <Table.Tr>
                  {[WORDS.name, WORDS.kind, WORDS.selection, WORDS.state, WORDS.made].map((word) => (
                    <Table.Th key={word.en}>{t(word)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map(({ name, kind, selection, state, madeBy, madeAt }) => (
                  <Table.Tr key={name}>
                    <Table.Td>
                      <PageLink to={['campaigns', name]}>{name}</PageLink>
                    </Table.Td>
                    <Table.Td>{t(CAMPAIGN_KIND_WORDS[kind])}</Table.Td>
                    <Table.Td>{selection}</Table.Td>
                    <Table.Td>
                      <CampaignBadge state={state} />
                    </Table.Td>
                    <Table.Td>
                      {madeBy}, {moment(madeAt, language)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </List>
      <Commands name={undefined} />
    </Stack>
  );
}

function CampaignBadge({ state }: { readonly state: Campaign['state'] }) {
  const { t } = useWords();
  return <Badge color={state === 'OPEN' ? 'teal.9' : 'gray.8'}>{t(CAMPAIGN_STATE_WORDS[state])}</Badge>;
}

function OneCampaign({ name }: { readonly name: string }) {
  const { t } = useWords();
  const reading = useReading<CampaignWhole>(`/v1/campaigns/${encodeURIComponent(name)}`);
  const { body, again } = reading;
  const live = body !== undefined && body.state !== 'CANCELLED' && body.figures.due + body.figures.issued > 0;
  useEffect(() => {
    if (!live) return;
    const timer = window.setInterval(again, LOOK_EVERY_MS);
    return () => window.clearInterval(timer);
  }, [live, again]);
  return (
    <Waiting reading={reading} ready={body !== undefined}>
      {body && (
        <Stack>
          <PageLink to={['campaigns']}>{t(WORDS.toList)}</PageLink>
          <Text fw={700} size="lg">
            {body.name} <CampaignBadge state={body.state} />
          </Text>
          <Text>
            {t(CAMPAIGN_KIND_WORDS[body.kind])} · {body.selection}
          </Text>
          <Figures figures={body.figures} />
          {live && <Text size="sm">{t(WORDS.updates)}</Text>}
          <Commands name={body.name} />
        </Stack>
      )}
    </Waiting>
  );
}

const SHOWN = Object.keys(FIGURE_WORDS) as (keyof typeof FIGURE_WORDS)[];

function Figures({ figures }: { readonly figures: CampaignFigures }) {
  const { t, language } = useWords();
  const count = (value: number) => number(String(value), language);
  const done = figures.issued + figures.confirmed;
  const share = figures.meters === 0 ? 0 : (100 * done) / figures.meters;
  return (
    <>
      <Text role="status">{t(WORDS.tokensOut, { done: count(done), all: count(figures.meters) })}</Text>
      <Progress.Root size="xl">
        <Progress.Section value={share} color="teal.9" aria-label={t(WORDS.progress)} />
      </Progress.Root>
      <Table className="key-figures" aria-label={t(WORDS.progress)}>
        <Table.Tbody>
          {SHOWN.map((name) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{t(FIGURE_WORDS[name])}</Table.Th>
              <Table.Td>{count(figures[name])}</Table.Td>
            </Table.Tr>
          ))}
          {figures.refused.map(({ code, meters }) => (
            <Table.Tr key={code}>
              <Table.Th scope="row">{t(WORDS.refusedAs, { code })}</Table.Th>
              <Table.Td>{count(meters)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

/** What this page cannot do, and where it is done. */
function Commands({ name }: { readonly name: string | undefined }) {
  const { t } = useWords();
  const run = 'npm run campaign --';
  const lines =
    name === undefined
      ? [`${run} create --name … --kind key-revision --from SGC/KRN --to SGC/KRN --officer …`]
      : [
          `${run} make --name ${name} --officer …`,
          `${run} export --name ${name} --out sets.csv --officer …`,
          `${run} confirm --meters list.csv --officer …`,
          `${run} cancel --name ${name} --officer …`,
        ];
  return (
    <section className="card" aria-label={t(WORDS.commandWhy)}>
      <Text size="sm">{t(WORDS.commandWhy)}</Text>
      <pre className="key-commands" tabIndex={0}>
        {lines.join('\n')}
      </pre>
    </section>
  );
}
