import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LanguageProvider, useWords } from '../shared/language';
import '../shared/font.css';
import './customer.css';

function CustomerPage() {
  const { t } = useWords();
  return (
    <main>
      <h1>{t({ bn: 'আমার বিদ্যুৎ', en: 'My electricity' })}</h1>
    </main>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LanguageProvider>
      <CustomerPage />
    </LanguageProvider>
  </StrictMode>,
);
