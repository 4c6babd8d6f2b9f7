import { Badge, Text } from '@mantine/core';
import { useWords } from '../../shared/language';
import type { Tariff, TariffState } from './tariff-answers';
import { STATE_WORDS, TARIFF_WORDS as WORDS } from './tariff-words';

const COLOURS: Readonly<Record<TariffState, string>> = {
  draft: 'blue.9',
  published: 'teal.9',
  superseded: 'gray.8',
  'revocation-proposed': 'orange.9',
  revoked: 'red.9',
};

/** Where a document stands. */
export function StateBadge({ state }: { readonly state: TariffState }) {
  const { t } = useWords();
  return <Badge color={COLOURS[state]}>{t(STATE_WORDS[state])}</Badge>;
}

/** Who made it, and who published it. */
export function People({ item }: { readonly item: Tariff }) {
  const { t } = useWords();
  if (item.madeBy === null) return <Text size="sm">{t(WORDS.released)}</Text>;
  return (
    <Text size="sm">
      {item.madeBy}, {item.publishedBy ?? '–'}
    </Text>
  );
}
