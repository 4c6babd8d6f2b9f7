import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider } from '../shared/language';
import './customer.css';
import { CustomerApp } from './customer-app';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LanguageProvider>
      <CustomerApp />
    </LanguageProvider>
  </StrictMode>,
);

// What is nice to have comes when the page can be used.
window.addEventListener('load', () => void import('./font.css'));

// Keeps the page itself on the phone: opened once, it opens without a network.
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register('/my/sw.js').catch(() => undefined);
}
