import { NativeSelect, Radio, Textarea, TextInput } from '@mantine/core';
import { latinDigits } from '../../shared/format';
import { useWords } from '../../shared/language';
import type { WorkField } from './work';
import { WORK_WORDS } from './work-words';

/** What is typed in Bangla digits is sent in the server's. */
const DIGITS: readonly WorkField['kind'][] = ['taka', 'decimal', 'count', 'code', 'phone'];
const MODES = { taka: 'decimal', decimal: 'decimal', count: 'numeric', phone: 'tel' } as const;

interface FieldProps {
  readonly field: WorkField;
  readonly value: string;
  readonly missing: boolean;
  readonly autoFocus: boolean;
  readonly onChange: (value: string) => void;
}

/** One field of a form, by its kind. */
export function Field({ field, value, missing, autoFocus, onChange }: FieldProps) {
  const { t } = useWords();
  const error = missing ? t(WORK_WORDS.missing) : undefined;
  const common = {
    label: t(field.label),
    description: field.hint && t(field.hint),
    error,
    autoFocus,
    size: 'md',
  } as const;
  const required = !field.optional;
  if (field.kind === 'yes-no')
    return (
      <Radio.Group {...common} autoFocus={undefined} value={value} onChange={onChange} withAsterisk={required}>
        <Radio value="yes" label={t(WORK_WORDS.yes)} mt="xs" />
        <Radio value="no" label={t(WORK_WORDS.no)} mt="xs" />
      </Radio.Group>
    );
  if (field.kind === 'choice')
    return (
      <NativeSelect
        {...common}
        withAsterisk={required}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={[
          ...(field.optional ? [{ value: '', label: '–' }] : []),
          ...field.options.map((option) => ({ value: option.value, label: t(option.label) })),
        ]}
      />
    );
  if (field.kind === 'words')
    return (
      <Textarea
        {...common}
        withAsterisk={required}
        maxLength={200}
        rows={2}
        value={value}
        // One line: the server takes no line breaks.
        onChange={(event) => onChange(event.currentTarget.value.replaceAll('\n', ' '))}
      />
    );
  const typed = (text: string) => onChange(DIGITS.includes(field.kind) ? latinDigits(text) : text);
  return (
    <TextInput
      {...common}
      withAsterisk={required}
      type={field.kind === 'day' ? 'date' : 'text'}
      inputMode={field.kind in MODES ? MODES[field.kind as keyof typeof MODES] : undefined}
      autoComplete="off"
      maxLength={200}
      value={value}
      onChange={(event) => typed(event.currentTarget.value)}
    />
  );
}

/** What was answered, as a person reads it. */
export function useShown() {
  const { t } = useWords();
  return (field: WorkField, value: string): string => {
    if (field.kind === 'yes-no') return t(value === 'yes' ? WORK_WORDS.yes : WORK_WORDS.no);
    if (field.kind !== 'choice') return value;
    const option = field.options.find((each) => each.value === value);
    return option ? t(option.label) : '–';
  };
}
