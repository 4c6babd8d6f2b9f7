import { newId, type InstantMs } from '@vend/kernel';
import { isDuplicate, leaveToWorker, type Database } from '@vend/platform';
import { answerablePhone, COPY_WINDOW_MS, messageKeys, type ReceivedSms } from './inbound-sms';
import { readQuestion, type InboundWord } from './question';
import { cameBefore, insertInbound, lastOfWord } from './store/inbound';

/** The width of the column. A question is far shorter; of more than this nobody reads the rest. */
const KEPT_MAX_UNITS = 500;

const OPPOSITE: Readonly<Partial<Record<InboundWord, InboundWord>>> = { STOP: 'START', START: 'STOP' };

/**
 * Stores a customer's SMS and wakes the worker, in one commit. When this resolves the message centre may be told that all
 * is well; when it rejects, the message must be brought again. A copy of what is stored already is dropped: by the
 * gateway's message id, or without one by sender, recipient and text within five minutes. STOP after START, and START
 * after STOP, is never taken for a copy.
 *
 * @param gatewayCode which gateway brought it; ids of different gateways never meet
 * @throws what the database throws: nothing was stored
 * @example onInbound: (sms) => receiveInbound(database, 'teletalk', sms).then(() => undefined)
 */
export async function receiveInbound(
  database: Database,
  gatewayCode: string,
  sms: ReceivedSms,
  now: InstantMs = Date.now(),
): Promise<{ readonly duplicate: boolean }> {
  const phone = answerablePhone(sms);
  const question = readQuestion(sms.text);
  const word = question.kind === 'word' ? question.word : null;
  try {
    return await database.transaction(async (tx) => {
      const opposite = phone !== null && word !== null ? OPPOSITE[word] : undefined;
      const [key, earlier] = messageKeys(sms, now, (opposite && (await lastOfWord(tx, phone!, opposite))) ?? '');
      const since = new Date(now - COPY_WINDOW_MS);
      if (earlier && (await cameBefore(tx, gatewayCode, earlier, since))) return { duplicate: true };
      const id = newId(now);
      const words = sms.text.slice(0, KEPT_MAX_UNITS);
      const receivedAt = new Date(now);
      await insertInbound(tx, { id, gateway: gatewayCode, messageKey: key, phone, words, word, receivedAt });
      await leaveToWorker(tx, [{ topic: 'sms-inbound', refId: id }], receivedAt);
      return { duplicate: false };
    });
  } catch (error) {
    // The unique key, not the look beforehand, decides between two copies that arrive together.
    if (isDuplicate(error)) return { duplicate: true };
    throw error;
  }
}
