import { inboundAnswers, type InboundAnswer } from '@vend/inbound';
import type { Id } from '@vend/kernel';
import type { MessageSource, MessageValues } from '@vend/messages';
import type { ReceiptAddress } from '@vend/meters';
import type { Reader } from '@vend/platform';
import type { VendingService } from '@vend/vending';

/** Answers go to the phones that asked: their numbers are with the questions, and nowhere else. */
export async function inboundAddresses(reader: Reader, ids: readonly Id[]): Promise<Map<Id, ReceiptAddress>> {
  const answers = await inboundAnswers(reader, ids);
  return new Map([...answers].map(([id, { phone: mobile, language }]) => [id, { mobile, language }]));
}

/**
 * Reads the tokens of an answer to TOK when it is sent. A vend that was cancelled in the meantime has nothing to say any
 * more.
 */
export function answeredTokens(vending: VendingService): MessageSource {
  return async (reader, messages) => {
    const answers = await inboundAnswers(
      reader,
      messages.map(({ subject }) => subject.id),
    );
    const vendIds = [...answers.values()].flatMap(({ vendId }: InboundAnswer) => vendId ?? []);
    const records = await vending.findByVends([...new Set(vendIds)], reader);
    const standing = new Map(
      records.filter(({ state }) => state === 'APPLIED').map(({ vend }) => [vend!.vendId, vend!.tokens]),
    );
    return new Map(
      messages.flatMap(({ messageId, subject, values }): [Id, MessageValues][] => {
        const tokens = standing.get(answers.get(subject.id)?.vendId ?? '');
        return tokens ? [[messageId, { values, tokens }]] : [];
      }),
    );
  };
}
