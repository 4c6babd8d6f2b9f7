import { DomainError, type Id, type InstantMs } from '@vend/kernel';
import { leaveToWorker, settleOutbox, type Tx } from '@vend/platform';
import type { MeterLinkErrorCode } from './meterlink.errors';
import type { RemoteLoad } from './remote-load';
import { assertLoadMove, type RemoteLoadState } from './remote-load.lifecycle';
import { lockLoad, readSurroundings, saveLoad } from './store/remote-loads';

/** The load in its next state, with the instants that go with it. @throws {Error} for a move that is not in the table */
export function moved(load: RemoteLoad, to: RemoteLoadState, at: InstantMs): RemoteLoad {
  assertLoadMove(load.state, to);
  const sentAt = { UNSENT: null, SENT: at, LOADED: load.sentAt, FAILED: load.sentAt }[to];
  return { ...load, state: to, sentAt, concludedAt: to === 'LOADED' || to === 'FAILED' ? at : null };
}

/**
 * Sends a failed load once more: a person has seen to whatever was in its way. Under way already: as it is.
 *
 * @throws {DomainError<MeterLinkErrorCode>} remote-load-not-found, remote-load-done, remote-load-cancelled
 * @example await retryRemoteLoad(tx, loadId, Date.now()) // { reopened: true }
 */
export async function retryRemoteLoad(tx: Tx, loadId: Id, at: InstantMs): Promise<{ readonly reopened: boolean }> {
  const load = await lockLoad(tx, { loadId });
  if (!load) throw new DomainError<MeterLinkErrorCode>('remote-load-not-found');
  if (load.state === 'LOADED') throw new DomainError<MeterLinkErrorCode>('remote-load-done');
  if (load.state !== 'FAILED') return { reopened: false };
  const { cancelled } = await readSurroundings(tx, load);
  if (cancelled) throw new DomainError<MeterLinkErrorCode>('remote-load-cancelled');
  await saveLoad(tx, { ...moved(load, 'UNSENT', at), round: load.round + 1, reason: null, openedAt: at });
  await leaveToWorker(tx, [{ topic: 'remote-load', refId: loadId }], new Date(at));
  return { reopened: true };
}

/**
 * Makes way for a cancellation, in its transaction: a load that never left is ended with it. To be called before the
 * vend is marked, under the meter's lock.
 *
 * @throws {DomainError<MeterLinkErrorCode>} vend-loaded; vend-loading: it may be in the meter, and nobody knows yet
 * @example await stopRemoteLoad(tx, vendId, Date.now())
 */
export async function stopRemoteLoad(tx: Tx, vendId: Id, at: InstantMs): Promise<void> {
  const load = await lockLoad(tx, { vendId });
  if (!load || load.state === 'FAILED') return;
  if (load.state === 'LOADED') throw new DomainError<MeterLinkErrorCode>('vend-loaded');
  if (load.state === 'SENT' || load.attempts > 0) throw new DomainError<MeterLinkErrorCode>('vend-loading');
  await saveLoad(tx, { ...moved(load, 'FAILED', at), reason: 'vend-cancelled' });
  await settleOutbox(tx, 'remote-load', [load.loadId]);
}
