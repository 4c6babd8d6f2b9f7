import type { Reader } from '@vend/platform';
import type { HeadEnd, MeterLink } from './meter-link';
import { MeterLinkHttp } from './meter-link-http';
import { findHeadEnd } from './store/head-ends';

const KNOWN_FOR_MS = 30_000;

/** The links of a process, one for each head-end, made on first use; a changed head-end is seen within 30 seconds. */
export class MeterLinks {
  private readonly links = new Map<
    string,
    { readonly headEnd: HeadEnd; readonly link: MeterLink; readonly at: number }
  >();

  constructor(
    private readonly reader: Reader,
    private readonly sealingSecret: Buffer,
    private readonly timeoutMs: number,
  ) {}

  /** The link of a head-end; undefined when there is no active one of this code. */
  async of(code: string): Promise<MeterLink | undefined> {
    const known = this.links.get(code);
    if (known && Date.now() - known.at < KNOWN_FOR_MS) return known.link;
    const headEnd = await findHeadEnd(this.reader, this.sealingSecret, { code });
    // Somebody else may have made it while this one was reading.
    const present = this.links.get(code);
    if (headEnd && present && sameHeadEnd(present.headEnd, headEnd)) {
      this.links.set(code, { ...present, at: Date.now() });
      return present.link;
    }
    this.links.delete(code);
    void present?.link.close();
    if (!headEnd) return undefined;
    const link = new MeterLinkHttp(headEnd, { timeoutMs: this.timeoutMs });
    this.links.set(code, { headEnd, link, at: Date.now() });
    return link;
  }

  async close(): Promise<void> {
    await Promise.all([...this.links.values()].map(({ link }) => link.close()));
    this.links.clear();
  }
}

function sameHeadEnd(a: HeadEnd, b: HeadEnd): boolean {
  return a.url === b.url && a.keyId === b.keyId && a.secret.equals(b.secret);
}
