import { useRef, type KeyboardEvent, type ReactNode } from 'react';

interface RowsProps<Row> {
  readonly items: readonly Row[];
  readonly label: string;
  readonly idOf: (row: Row) => string;
  readonly show: (row: Row) => ReactNode;
  readonly onChoose: (row: Row) => void;
}

/** A list that is walked with the arrow keys and chosen from with Enter. */
export function Rows<Row>({ items, label, idOf, show, onChoose }: RowsProps<Row>) {
  const list = useRef<HTMLUListElement>(null);
  const walk = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const here = buttons.findIndex((button) => button === document.activeElement);
    buttons[Math.min(buttons.length - 1, Math.max(0, here + by))]?.focus();
  };
  return (
    <ul className="rows" aria-label={label} ref={list} onKeyDown={walk}>
      {items.map((row, index) => (
        <li key={idOf(row)}>
          <button type="button" autoFocus={index === 0} onClick={() => onChoose(row)}>
            {show(row)}
          </button>
        </li>
      ))}
    </ul>
  );
}
