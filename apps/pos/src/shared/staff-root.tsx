import '@mantine/core/styles.css';
import './font.css';
import './staff.css';
import { MantineProvider, createTheme } from '@mantine/core';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from './language';

const FONT = "'Noto Sans Bengali', system-ui, sans-serif";
const theme = createTheme({
  fontFamily: FONT,
  headings: { fontFamily: FONT },
  primaryColor: 'teal',
  primaryShade: 9,
  // A clerk must see at a glance where the next key goes.
  focusRing: 'always',
});

/** Puts a page of the staff into its document: the same look, letters and languages for each. */
export function mountStaffPage(page: ReactNode): void {
  // The server signs the styles that Mantine writes with this answer's nonce.
  const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="light" getStyleNonce={() => nonce}>
        <LanguageProvider>{page}</LanguageProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
