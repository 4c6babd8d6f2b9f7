import { TextInput } from '@mantine/core';
import { useWords } from './language';
import { SHARED_WORDS } from './shared-words';

interface CodeFieldProps {
  readonly code: string;
  readonly required?: boolean;
  readonly onType: (code: string) => void;
}

/** The six digits of the phone's authenticator, or a recovery code. */
export function CodeField({ code, required = false, onType }: CodeFieldProps) {
  const { t } = useWords();
  return (
    <TextInput
      label={t(SHARED_WORDS.code)}
      autoComplete="one-time-code"
      inputMode="numeric"
      autoFocus
      required={required}
      size="md"
      value={code}
      onChange={(event) => onType(event.currentTarget.value)}
    />
  );
}
