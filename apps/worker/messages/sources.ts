import { CASE_SOURCES } from '@vend/cases';
import { storedValues, type MessageSources } from '@vend/messages';
import type { VendingService } from '@vend/vending';
import { answeredTokens } from '../inbound/answer-sources';

/** What each message says, read when it is sent. */
export const messageSources = (vending: VendingService): MessageSources => ({
  receipt: storedValues,
  resend: storedValues,
  pending: storedValues,
  'one-time-code': storedValues,
  'idle-month': storedValues,
  refund: storedValues,
  'key-change': storedValues,
  'arrears-bill': storedValues,
  ...CASE_SOURCES,
  notice: storedValues,
  'answer-balance': storedValues,
  'answer-token': answeredTokens(vending),
  'answer-use': storedValues,
  'answer-help': storedValues,
  'answer-stop': storedValues,
  'answer-neutral': storedValues,
  'answer-no-token': storedValues,
  'answer-which': storedValues,
  'answer-start': storedValues,
});
