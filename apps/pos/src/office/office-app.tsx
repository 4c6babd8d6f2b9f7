import { Button, Group, Loader, Text, Title } from '@mantine/core';
import { Component, createElement, lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { useKeys } from '../shared/keys';
import { useWords } from '../shared/language';
import { Login } from '../shared/login';
import { SHARED_WORDS } from '../shared/shared-words';
import { useStaffSession } from '../shared/staff-session';
import { OFFICE_GROUPS, OFFICE_PAGES, type OfficePage } from './office-pages';
import { OFFICE_WORDS } from './office-words';
import { PageLink, useRoute } from './route';
import { StaffContext } from './staff';

/** Made once each: a page that was fetched is not fetched again. */
const COMPONENTS = new Map(OFFICE_PAGES.map(({ path, load }) => [path, lazy(load)]));

/** The office: who sits here first, then their pages. */
export function OfficeApp() {
  const { session, enter, over, leave, unheard } = useStaffSession();
  const staff = useMemo(
    () =>
      session && { person: session.user, can: (name: string) => session.permissions.includes(name), sessionOver: over },
    [session, over],
  );
  if (session === undefined) return null;
  if (!staff) return <Login title={OFFICE_WORDS.office} unheard={unheard} onEntered={enter} />;
  return (
    <StaffContext value={staff}>
      <Office can={staff.can} name={`${staff.person.name} · ${staff.person.station}`} onLeave={leave} />
    </StaffContext>
  );
}

interface OfficeProps {
  readonly can: (permission: string) => boolean;
  readonly name: string;
  readonly onLeave: () => void;
}

function Office({ can, name, onLeave }: OfficeProps) {
  const { t, language, setLanguage } = useWords();
  const [path, ...rest] = useRoute();
  const turn = () => setLanguage(language === 'bn' ? 'en' : 'bn');
  const sells = can('vend.credit');
  const toCounter = () => window.location.assign('/counter/');
  useKeys([{ key: 'F8', does: SHARED_WORDS.keyLanguage, act: turn }]);
  const mine = OFFICE_PAGES.filter(({ permission }) => can(permission));
  const page = path === undefined ? mine[0] : OFFICE_PAGES.find((each) => each.path === path);
  return (
    <div className="office">
      <header className="office-head">
        <Title order={1} size="h4">
          {t(OFFICE_WORDS.office)}
        </Title>
        <Group gap="sm">
          <Text size="sm">{name}</Text>
          {sells && (
            <Button size="compact-sm" variant="default" onClick={toCounter}>
              {t(OFFICE_WORDS.counter)}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={turn}>
            {t(SHARED_WORDS.keyLanguage)} (F8)
          </Button>
          <Button size="compact-sm" variant="default" onClick={onLeave}>
            {t(SHARED_WORDS.leave)}
          </Button>
        </Group>
      </header>
      <Navigation pages={mine} current={page?.path} />
      <main className="office-work">
        <Work page={page} allowed={page !== undefined && can(page.permission)} rest={rest} />
      </main>
    </div>
  );
}

function Navigation({ pages, current }: { readonly pages: readonly OfficePage[]; readonly current?: string }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const groups = Object.entries(OFFICE_GROUPS).map(([group, title]) => ({
    title,
    rows: pages.filter((page) => page.group === group),
  }));
  return (
    <nav className="office-nav" aria-label={t(OFFICE_WORDS.pages)} data-open={open}>
      <Button className="office-menu" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(OFFICE_WORDS.menu)}
      </Button>
      {groups
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, rows }) => (
          <section key={title.en}>
            <h2>{t(title)}</h2>
            <ul>
              {rows.map((page) => (
                <li key={page.path}>
                  <PageLink
                    to={[page.path]}
                    aria-current={page.path === current ? 'page' : undefined}
                    onGo={() => setOpen(false)}
                  >
                    {t(page.title)}
                  </PageLink>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </nav>
  );
}

interface WorkProps {
  readonly page: OfficePage | undefined;
  readonly allowed: boolean;
  readonly rest: readonly string[];
}

/** A page that is not theirs is not even fetched: what it would have asked for is not asked. */
function Work({ page, allowed, rest }: WorkProps) {
  const { t } = useWords();
  if (!page) return <Title order={2}>{t(OFFICE_WORDS.noSuchPage)}</Title>;
  if (!allowed)
    return (
      <section className="card" role="alert">
        <Title order={2}>{t(OFFICE_WORDS.notAllowed)}</Title>
        <Text>{t(OFFICE_WORDS.notAllowedWhy, { page: t(page.title) })}</Text>
      </section>
    );
  return (
    <NotLoaded key={page.path} text={t(OFFICE_WORDS.pageNotLoaded)} again={t(OFFICE_WORDS.again)}>
      <Suspense fallback={<Loader aria-label={t(OFFICE_WORDS.loading)} />}>
        <Title order={2} mb="sm">
          {t(page.title)}
        </Title>
        {createElement(COMPONENTS.get(page.path)!, { rest })}
      </Suspense>
    </NotLoaded>
  );
}

interface NotLoadedProps {
  readonly text: string;
  readonly again: string;
  readonly children: ReactNode;
}

/** A page whose scripts did not come, or that broke, leaves the frame standing. React has no hook for this. */
class NotLoaded extends Component<NotLoadedProps, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <section className="card" role="alert">
        <Text>{this.props.text}</Text>
        <Button onClick={() => window.location.reload()}>{this.props.again}</Button>
      </section>
    );
  }
}
