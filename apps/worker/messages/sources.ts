import { CASE_SOURCES } from '@vend/cases';
import { storedValues, type MessageSources } from '@vend/messages';
import { answeredTokens } from '../inbound/answer-sources';
import { vendSources, type VendSourceParts } from './vend-sources';

/** What each message says, read when it is sent. */
export const messageSources = (parts: VendSourceParts): MessageSources => ({
  ...vendSources(parts),
  ...CASE_SOURCES,
  notice: storedValues,
  'answer-balance': storedValues,
  'answer-token': answeredTokens(parts.vending),
  'answer-use': storedValues,
  'answer-help': storedValues,
  'answer-stop': storedValues,
  'answer-neutral': storedValues,
  'answer-no-token': storedValues,
  'answer-which': storedValues,
  'answer-start': storedValues,
});
