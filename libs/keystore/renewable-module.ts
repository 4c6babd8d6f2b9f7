import type {
  CreditRequest,
  CreditToken,
  KeyChangeRequest,
  KeyChangeSet,
  ManagementRequest,
  ManagementToken,
  MeterKey,
  SecurityModule,
  TokenReading,
} from './security-module';
import type { VendingKeyInfo } from './vending-key';

/**
 * A security module whose keys can be exchanged while it works. What was asked of the old keys is finished with them:
 * a module lets its work in hand end when it is closed.
 *
 * @example const module = new RenewableModule(first); … module.renew(second);
 */
export class RenewableModule implements SecurityModule {
  private closed = false;

  constructor(private current: SecurityModule) {}

  get kind(): SecurityModule['kind'] {
    return this.current.kind;
  }

  /** Takes over the new module and closes the one before. */
  renew(next: SecurityModule): void {
    const before = this.current;
    this.current = next;
    before.close();
    if (this.closed) next.close();
  }

  issueCredit(meter: MeterKey, request: CreditRequest): Promise<CreditToken> {
    return this.current.issueCredit(meter, request);
  }

  issueManagement(meter: MeterKey, request: ManagementRequest): Promise<ManagementToken> {
    return this.current.issueManagement(meter, request);
  }

  issueKeyChange(meter: MeterKey, request: KeyChangeRequest): Promise<KeyChangeSet> {
    return this.current.issueKeyChange(meter, request);
  }

  verify(meter: MeterKey, digits: string): Promise<TokenReading> {
    return this.current.verify(meter, digits);
  }

  keys(): readonly VendingKeyInfo[] {
    return this.current.keys();
  }

  close(): void {
    this.closed = true;
    this.current.close();
  }
}
