import { create } from 'qrcode';
import { useMemo } from 'react';

interface QrCodeProps {
  readonly text: string;
  readonly className: string;
  /** What is read out instead of the text. */
  readonly label?: string;
}

/** A text for a phone to scan, as one path: sharp on any printer. */
export function QrCode({ text, className, label = text }: QrCodeProps) {
  const { size, path } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const squares = Array.from({ length: modules.size ** 2 }, (_, index) => {
      const [x, y] = [index % modules.size, Math.floor(index / modules.size)];
      return modules.get(y, x) ? `M${x} ${y}h1v1h-1z` : '';
    });
    return { size: modules.size, path: squares.join('') };
  }, [text]);
  return (
    <svg className={className} viewBox={`-2 -2 ${size + 4} ${size + 4}`} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  );
}
