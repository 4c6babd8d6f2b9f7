import { useLayoutEffect } from 'react';
import type { Text as Words } from './words';

/** A key of the keyboard that does something here, as the bar below shows it. */
export interface KeyHint {
  readonly key: string;
  readonly does: Words;
  readonly act: () => void;
}

/** Keys that act wherever the focus is. The browser's own meaning of such a key (F3: find) is put aside. */
export function useKeys(keys: readonly KeyHint[]): void {
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const hint =
        event.altKey || event.ctrlKey || event.metaKey ? undefined : keys.find(({ key }) => key === event.key);
      if (!hint) return;
      event.preventDefault();
      if (!event.repeat) hint.act();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  });
}
