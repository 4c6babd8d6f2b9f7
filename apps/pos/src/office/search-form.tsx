import { Alert, Button, Group, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { useWords } from '../shared/language';
import type { Text } from '../shared/words';

interface SearchFormProps {
  readonly label: Text;
  readonly action: Text;
  /** Characters that may be typed. */
  readonly maxLength: number;
  readonly typed: string;
  readonly busy: boolean;
  readonly trouble: Text | undefined;
  readonly onType: (typed: string) => void;
  readonly onSearch: () => void;
}

/** One field, its button, and what went wrong. What is typed may be a phone number or a token: it stays out of the address. */
export function SearchForm(props: SearchFormProps) {
  const { label, action, maxLength, typed, busy, trouble, onType, onSearch } = props;
  const { t } = useWords();
  const search = (event: FormEvent) => {
    event.preventDefault();
    onSearch();
  };
  return (
    <>
      <form onSubmit={search}>
        <Group align="end">
          <TextInput
            className="wide"
            label={t(label)}
            size="md"
            autoFocus
            autoComplete="off"
            maxLength={maxLength}
            value={typed}
            onChange={(event) => onType(event.currentTarget.value)}
          />
          <Button type="submit" size="md" loading={busy}>
            {t(action)}
          </Button>
        </Group>
      </form>
      {trouble && (
        <Alert color="red" role="alert">
          {t(trouble)}
        </Alert>
      )}
    </>
  );
}
