import { dhakaDay, DomainError, startOfDay } from '@vend/kernel';
import { loadStaTables, openKeystore, TokenJournal } from '@vend/keystore';
import type { Keystore } from '@vend/keystore';
import { SAMPLE_TABLES_NOTICE } from '@vend/sts';
import type { StaTables } from '@vend/sts';
import type { Logger } from 'pino';
import { CallerPolicyError } from './callers/caller-policy';
import { CurrentPolicy } from './callers/current-policy';
import { DayUse } from './callers/day-use';
import { RefusalLines } from './callers/refusal-lines';
import type { TokenServerConfig } from './config';
import type { Journal } from './issuing/journal.port';
import { SAMPLE_TABLES_WARNING } from './status-report';
import type { TokenServerParts } from './token-server.module';

/**
 * Opens callers, tables, keys and journal before anything listens: a server without any of them must not look alive.
 *
 * @throws {DomainError} a KeyOpeningErrorCode or a JournalOpeningErrorCode
 * @throws {CallerPolicyError}
 */
export async function openParts(
  config: TokenServerConfig,
  untaggedLog: Logger,
): Promise<TokenServerParts & { readonly reload: () => Promise<void> }> {
  const policy = new CurrentPolicy(config.callerPolicyFile);
  if (policy.current.size === 0)
    untaggedLog.warn('no list of callers (CALLER_POLICY_FILE): every call will be refused');
  const tables = loadStaTables(config.staTablesFile);
  const log = tables.kind === 'iec-sample' ? untaggedLog.child({ staTables: SAMPLE_TABLES_NOTICE }) : untaggedLog;
  const keystore = await openKeystore({ ...config.keystore, tables, cacheSize: config.decoderKeyCacheSize });
  sayWhatWasOpened(keystore, tables, log);
  let journal: TokenJournal | undefined;
  try {
    journal = await openJournal(config, keystore, log);
    const use = new DayUse();
    await rememberToday(use, journal, Date.now());
    const refusalLines = new RefusalLines();
    const opened = journal;
    return {
      config,
      calls: { module: keystore.module, tables, journal, use, refusalLines, policy, now: Date.now },
      close: async () => {
        await opened.close();
        keystore.close();
      },
      reload: () => reload(policy, keystore, log),
      log,
    };
  } catch (error) {
    await journal?.close();
    keystore.close();
    throw error;
  }
}

function sayWhatWasOpened(keystore: Keystore, tables: StaTables, log: Logger): void {
  if (tables.kind === 'iec-sample') log.warn(SAMPLE_TABLES_WARNING);
  if (tables.kind === 'other')
    log.warn({ sha256: tables.sha256 }, 'STA tables are neither the sample nor the production ones');
  for (const { sgc, krn, dkga, baseDate, ken, kcv, state } of keystore.module.keys()) {
    log.info({ sgc, krn, dkga, baseDate, ken, kcv, state }, 'vending key opened');
  }
}

function openJournal(config: TokenServerConfig, { serviceKeys }: Keystore, log: Logger): Promise<TokenJournal> {
  return TokenJournal.open({
    ...config.journal,
    signingKey: serviceKeys.auditSigningKey,
    resultsKey: serviceKeys.resultsKey,
    now: Date.now,
    onTrouble: (what, facts) => log.error({ ...facts }, what),
  });
}

/** What callers had issued before this process started: every token that was answered has its line. */
export async function rememberToday(use: DayUse, journal: Pick<Journal, 'entriesSince'>, now: number): Promise<void> {
  for await (const line of journal.entriesSince(startOfDay(dhakaDay(now)))) {
    if (line.outcome !== 'issued') continue;
    const { caller, kind, subclass, units, at } = line;
    const isCredit = kind === 'credit' && (subclass === 0 || subclass === 4) && units !== undefined;
    use.remember(caller, isCredit ? { subclass, units: BigInt(units) } : null, at);
  }
}

/** After a key ceremony, or when the list of callers was changed. What cannot be read leaves the old in force. */
async function reload(policy: CurrentPolicy, keystore: Keystore, log: Logger): Promise<void> {
  try {
    policy.reload();
    log.info({ callers: policy.current.size }, 'list of callers read again');
  } catch (error) {
    const faults = error instanceof CallerPolicyError ? error.message : String(error);
    log.error({ faults }, 'the list of callers is faulty: the old one stays in force');
  }
  try {
    log.info(await keystore.reload(), 'key file read again');
  } catch (error) {
    const code = error instanceof DomainError ? (error as DomainError).code : 'unknown';
    log.error({ code }, 'the key file cannot be used: the old keys stay in use');
  }
}
