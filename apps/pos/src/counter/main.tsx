import '@mantine/core/styles.css';
import '../shared/font.css';
import './counter.css';
import { MantineProvider, createTheme } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from '../shared/language';
import { CounterApp } from './counter-app';

const FONT = "'Noto Sans Bengali', system-ui, sans-serif";
const theme = createTheme({
  fontFamily: FONT,
  headings: { fontFamily: FONT },
  primaryColor: 'teal',
  primaryShade: 9,
  // A clerk must see at a glance where the next key goes.
  focusRing: 'always',
});

/** The server signs the styles that Mantine writes with this answer's nonce. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="light" getStyleNonce={() => nonce}>
      <LanguageProvider>
        <CounterApp />
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
