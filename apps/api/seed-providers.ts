import {
  assertProviderDraft,
  isProviderProfile,
  listProviders,
  saveProvider,
  type ProviderDraft,
  type ProviderRecord,
} from '@vend/payments';
import { newId, parseTaka } from '@vend/kernel';
import { floatTopUpEntry, LedgerService } from '@vend/ledger';
import type { Database, Tx } from '@vend/platform';
import { z } from 'zod';
import { providerContract } from './payment-providers/contracts';

const words = z.record(z.string(), z.string());

/** The companies that the launcher has made, for both sides; what is theirs alone is not read here. */
export const DEMO_PROVIDERS = z.array(
  z.object({
    code: z.string(),
    name: z.string(),
    profile: z.string().refine(isProviderProfile),
    credentials: words,
    settings: words,
    commissionBasisPoints: z.number(),
    floatTaka: z.string().transform(parseTaka).optional(),
  }),
);
type DemoProvider = z.output<typeof DEMO_PROVIDERS>[number];

/** This machine, and the networks that containers have among themselves. */
const DEMO_ADDRESSES = ['127.0.0.0/8', '::1', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

const BANK = 'bank:settlement';

/** What the settings' `{sandbox}` and `{api}` stand for. */
export type Places = Readonly<Record<'sandbox' | 'api', string>>;

/**
 * Makes a row for each company whose contract is spoken here; of one that is there, only the addresses follow the launcher.
 */
export async function seedProviders(
  database: Database,
  sealingSecret: Buffer,
  providers: readonly DemoProvider[],
  places: Places,
): Promise<string[]> {
  const there = new Map((await listProviders(database)).map((row) => [row.code, row]));
  const lines: string[] = [];
  for (const provider of providers) {
    const contract = providerContract(provider.profile);
    if (!contract) continue;
    const row = there.get(provider.code);
    const draft = draftOf(provider, places, row);
    const isSame = row && JSON.stringify(sorted(row.settings)) === JSON.stringify(sorted(draft.settings));
    if (!isSame) {
      assertProviderDraft(draft, contract);
      const write = { version: row?.version ?? 0, by: 'cli:seed-demo', now: Date.now() };
      const float = row ? undefined : await openFloat(database, provider, write.now);
      await database.transaction(async (tx) => {
        await saveProvider(tx, sealingSecret, draft, write);
        await float?.(tx);
      });
    }
    lines.push(`payment provider ${provider.code}: ${isSame ? 'unchanged' : row ? 'moved' : 'created'}`);
  }
  return lines;
}

/** What a new vendor has paid in comes with its row, so that it is there once. @returns undefined: it sells on account */
async function openFloat(database: Database, { code, floatTaka }: DemoProvider, bookedAt: number) {
  if (floatTaka === undefined) return undefined;
  const ledger = new LedgerService(database);
  const float = `float:${code}` as const;
  await ledger.open([float, BANK]);
  const entry = floatTopUpEntry({ businessId: newId(bookedAt), bookedAt }, BANK, float, floatTaka);
  return (tx: Tx) => ledger.post(tx, [entry]);
}

function draftOf(provider: DemoProvider, places: Places, row: ProviderRecord | undefined): ProviderDraft {
  const settings = Object.fromEntries(
    Object.entries(provider.settings).map(([name, text]) => [name, placed(text, places)]),
  );
  if (row) {
    const { version: _version, changedBy: _by, changedAt: _at, ...kept } = row;
    return { ...kept, settings: { ...kept.settings, ...settings }, credentials: null };
  }
  const { code, name, profile, credentials, commissionBasisPoints, floatTaka } = provider;
  return {
    ...{ code, name, profile, credentials, settings, commissionBasisPoints },
    ...{ mode: 'live', active: true, allowedAddresses: DEMO_ADDRESSES, prepaid: floatTaka !== undefined },
    ...{ minimumPaisa: null, maximumPaisa: null, lowFloatPaisa: null, settlementBank: BANK, vatBank: null },
  };
}

function placed(text: string, places: Places): string {
  return text.replaceAll(/\{(sandbox|api)\}/g, (_, place: keyof Places) => places[place]);
}

function sorted(settings: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
}
