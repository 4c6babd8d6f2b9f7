import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react';

const BASE = '/office/';
const MOVED = 'vend-moved';

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(MOVED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(MOVED, changed);
  };
}

/** Where the browser is below /office/: the parts of the address, decoded. @example ['meters', '600100000000000019'] */
export function useRoute(): readonly string[] {
  const path = useSyncExternalStore(subscribe, () => location.pathname);
  return partsOf(path);
}

/** @example partsOf('/office/meters/a%20b') // ['meters', 'a b'] */
function partsOf(path: string): readonly string[] {
  const rest = path.startsWith(BASE) ? path.slice(BASE.length) : '';
  return rest
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

/** An address that somebody typed by hand must not break the page. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a page. Never a phone number, name or token: addresses stay in the browser. @example addressOf('meters', meterNo) */
function addressOf(...parts: readonly string[]): string {
  return BASE + parts.map(encodeURIComponent).join('/');
}

/** To another page, without loading the document again. @example go('meters', meterNo) */
export function go(...parts: readonly string[]): void {
  history.pushState(null, '', addressOf(...parts));
  window.dispatchEvent(new Event(MOVED));
  window.scrollTo(0, 0);
}

interface PageLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'onClick'> {
  /** As for `addressOf`. */
  readonly to: readonly string[];
  readonly onGo?: () => void;
}

/** A link to a page: an address like any other, so that it also opens in a new window. */
export function PageLink({ to, onGo, ...rest }: PageLinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(...to);
    onGo?.();
  };
  return <a {...rest} href={addressOf(...to)} onClick={follow} />;
}
