import type { InstantMs } from '@vend/kernel';
import { seal, unseal, type Database, type Reader, type Row, type Tx } from '@vend/platform';
import { z } from 'zod';
import type { GrantedToken, TokenState } from '../bkash/shared-token.rules';

const COLUMNS = 'token_sealed, granted_at, refresh_after, expires_at, asked_last, asked_before, asking_until';
const sealedToken = z.object({ idToken: z.string(), refreshToken: z.string().optional() });
const NOTHING: TokenState = { token: undefined, asked: [], askingUntil: null };

/** The row of one provider's token; sealed for its credentials of today, so that changed ones start afresh. */
export class GatewayTokenRow {
  /** @param credentialsMark changes with the credentials that the token was granted to */
  constructor(
    private readonly database: Database,
    private readonly sealingSecret: Buffer,
    private readonly provider: string,
    private readonly credentialsMark: string,
  ) {}

  read(): Promise<TokenState> {
    return this.readBy(this.database, '');
  }

  /** Changes what is known, under the row's lock: one process at a time. */
  change<T>(work: (state: TokenState) => { readonly state?: TokenState; readonly result: T }): Promise<T> {
    return this.database.transaction(async (tx) => {
      // The row is there before it is locked; a duplicate takes the lock that is wanted anyway.
      const made = 'INSERT INTO gateway_tokens (provider) VALUES (?) ON DUPLICATE KEY UPDATE provider = provider';
      await tx.write(made, [this.provider]);
      const known = await this.readBy({ read: (sql, values) => tx.query(sql, values) }, ' FOR UPDATE');
      const { state, result } = work(known);
      if (state) await this.write(tx, state);
      return result;
    });
  }

  private async readBy(reader: Reader, lock: string): Promise<TokenState> {
    const sql = `SELECT ${COLUMNS} FROM gateway_tokens WHERE provider = ?${lock}`;
    const [row] = await reader.read(sql, [this.provider]);
    if (!row) return NOTHING;
    return {
      token: this.tokenOf(row),
      asked: [row['asked_last'], row['asked_before']].flatMap((at) => instantOf(at) ?? []),
      askingUntil: instantOf(row['asking_until']),
    };
  }

  private tokenOf(row: Row): GrantedToken | undefined {
    if (!row['token_sealed']) return undefined;
    try {
      const plain = unseal(this.sealingSecret, row['token_sealed'] as Buffer, this.context());
      return {
        refreshToken: undefined,
        ...sealedToken.parse(JSON.parse(plain.toString('utf8'))),
        grantedAt: instantOf(row['granted_at'])!,
        refreshAfter: instantOf(row['refresh_after'])!,
        expiresAt: instantOf(row['expires_at'])!,
      };
    } catch {
      // Of other credentials, or of another sealing secret: as good as none.
      return undefined;
    }
  }

  private async write(tx: Tx, { token, asked, askingUntil }: TokenState): Promise<void> {
    const sealed =
      token &&
      seal(
        this.sealingSecret,
        Buffer.from(JSON.stringify({ idToken: token.idToken, refreshToken: token.refreshToken })),
        this.context(),
      );
    await tx.write(
      `UPDATE gateway_tokens SET token_sealed = ?, granted_at = ?, refresh_after = ?, expires_at = ?, asked_last = ?,
         asked_before = ?, asking_until = ? WHERE provider = ?`,
      [
        sealed ?? null,
        ...[token?.grantedAt, token?.refreshAfter, token?.expiresAt, asked[0], asked[1], askingUntil].map(dateOf),
        this.provider,
      ],
    );
  }

  private context(): string {
    return `gateway-token:${this.provider}:${this.credentialsMark}`;
  }
}

function instantOf(value: unknown): InstantMs | null {
  return value === null || value === undefined ? null : (value as Date).getTime();
}

function dateOf(at: InstantMs | null | undefined): Date | null {
  return at === null || at === undefined ? null : new Date(at);
}
