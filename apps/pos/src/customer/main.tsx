import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from '../shared/language';
import '../shared/font.css';
import './customer.css';
import { CustomerApp } from './customer-app';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LanguageProvider>
      <CustomerApp />
    </LanguageProvider>
  </StrictMode>,
);

// Keeps the page itself on the phone: opened once, it opens without a network.
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register('/my/sw.js').catch(() => undefined);
}
