import type { Id } from '@vend/kernel';
import type { MessageRecipient } from '@vend/messages';
import { customerAddresses, personAddresses, type ReceiptAddress } from '@vend/meters';
import type { Reader } from '@vend/platform';
import type { StoredMessage } from '@vend/sms';
import { inboundAddresses } from '../inbound/answer-sources';

/** Where messages to these recipients go; an unknown one is missing. The numbers must not reach a log or a job. */
type Addresses = (reader: Reader, ids: readonly Id[]) => Promise<ReadonlyMap<Id, ReceiptAddress>>;

/** One for each kind of recipient: a kind without one does not compile. */
export type AddressBook = Readonly<Record<MessageRecipient, Addresses>>;

/** Customers, the people of a connection, and phones that asked something. */
export const ADDRESS_BOOK: AddressBook = {
  customer: customerAddresses,
  person: personAddresses,
  inbound: inboundAddresses,
};

/** The addresses of messages, by message. */
export async function addressesOf(
  book: AddressBook,
  reader: Reader,
  messages: readonly StoredMessage[],
): Promise<Map<Id, ReceiptAddress>> {
  const kinds = [...new Set(messages.map(({ recipient }) => recipient.kind))];
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const those = messages.filter(({ recipient }) => recipient.kind === kind);
      const addresses = await book[kind](reader, [...new Set(those.map(({ recipient }) => recipient.id))]);
      return those.flatMap(({ messageId, recipient }) => {
        const address = addresses.get(recipient.id);
        return address ? [[messageId, address] as const] : [];
      });
    }),
  );
  return new Map(found.flat());
}
