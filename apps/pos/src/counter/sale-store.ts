import type { Sale } from './till';

/** One entry for each sale: two windows of one till do not write over each other. */
const KEPT = 'vend.sale.';

/** Written before the sale is sent, so that a crash at any moment leaves the id behind. */
export function keepSale(sale: Sale, storage: Storage = localStorage): void {
  storage.setItem(`${KEPT}${sale.key}`, JSON.stringify(sale));
}

/** The sale that this station had in hand here when it was last seen; of several, of windows that died, the first. */
export function keptSale(station: string, storage: Storage = localStorage): Sale | undefined {
  return keptSales(storage).find((sale) => sale.station === station);
}

/** The first that another station left behind in this browser: only there the server can say what became of it. */
export function strangeSale(station: string, storage: Storage = localStorage): Sale | undefined {
  return keptSales(storage).find((sale) => sale.station !== station);
}

function keptSales(storage: Storage): Sale[] {
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  const sales = names.filter((name) => name.startsWith(KEPT)).map((name) => read(storage.getItem(name)));
  return sales.filter((sale) => sale !== undefined).sort((a, b) => a.sentAt - b.sentAt);
}

/** Only after the server's word on it, and after the clerk has had the receipt in view. */
export function forgetSale(key: string, storage: Storage = localStorage): void {
  storage.removeItem(`${KEPT}${key}`);
}

/** What is not a sale of ours, or is one of an older page, must not keep the page from opening. */
function read(text: string | null): Sale | undefined {
  try {
    const sale = JSON.parse(text ?? 'null') as Partial<Sale> | null;
    const named = [sale?.key, sale?.station, sale?.clerk].every((each) => typeof each === 'string');
    return named && typeof sale?.sentAt === 'number' ? (sale as Sale) : undefined;
  } catch {
    return undefined;
  }
}
