import type { Sale } from './till';

const KEPT = 'vend.sale';

/** Written before the sale is sent, so that a crash at any moment leaves the id behind. */
export function keepSale(sale: Sale): void {
  localStorage.setItem(KEPT, JSON.stringify(sale));
}

/** The sale that this till had in hand when it was last seen. */
export function keptSale(): Sale | undefined {
  const text = localStorage.getItem(KEPT);
  return text === null ? undefined : (JSON.parse(text) as Sale);
}

/** Only after the server's word on it, and after the clerk has had the receipt in view. */
export function forgetSale(): void {
  localStorage.removeItem(KEPT);
}
