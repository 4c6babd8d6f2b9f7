import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../../shared/language';
import type { Text } from '../../shared/words';

/** A part of a card under its heading. */
export function Part({ title, children }: { readonly title: Text; readonly children: ReactNode }) {
  const { t } = useWords();
  return (
    <section className="card" aria-label={t(title)}>
      <Title order={3} size="h4">
        {t(title)}
      </Title>
      {children}
    </section>
  );
}

/** Facts by their names; what is not known is left out. */
export function FactList({ facts }: { readonly facts: readonly (readonly [Text, ReactNode])[] }) {
  const { t } = useWords();
  return (
    <dl>
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([name, value]) => (
          <div className="fact" key={name.en}>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
