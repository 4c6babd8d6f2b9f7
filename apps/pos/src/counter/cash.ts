const TAKA = /^\d{1,9}(?:\.\d{1,2})?$/;

/** Paisa from Taka as typed; undefined when it is no amount. @example paisaOf('1000.5') // 100050n */
function paisaOf(taka: string): bigint | undefined {
  if (!TAKA.test(taka)) return undefined;
  const [whole = '', part = ''] = taka.split('.');
  return BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'));
}

/**
 * What the customer gets back, in Taka; undefined when the cash is no amount or too little. Nothing typed means that the
 * customer paid exactly.
 *
 * @example changeFor('1000', '873.50') // '126.50'
 */
export function changeFor(cash: string, amount: string): string | undefined {
  const given = paisaOf(cash === '' ? amount : cash);
  const due = paisaOf(amount);
  if (given === undefined || due === undefined || given < due) return undefined;
  const rest = given - due;
  return `${rest / 100n}.${String(rest % 100n).padStart(2, '0')}`;
}
