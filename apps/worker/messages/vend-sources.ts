import { formatTaka, type Id } from '@vend/kernel';
import {
  oneTimeCodeSource,
  storedValues,
  type MessageSource,
  type MessageToFill,
  type MessageValues,
} from '@vend/messages';
import { loadVendingMeters, readMeterStates } from '@vend/meters';
import { factsOfReceipt, receiptLine, receiptValues } from '@vend/receipts';
import { receiptOf, type VendingService } from '@vend/vending';

export interface VendSourceParts {
  readonly vending: VendingService;
  /** What one-time codes are made with. */
  readonly secret: Buffer;
  /** Where customers see their receipts; undefined: nowhere yet. */
  readonly receiptLink: string | undefined;
}

/** What messages about vends, payments and meters say when they leave; what is over by then is not said. */
export function vendSources({ vending, secret, receiptLink }: VendSourceParts) {
  return {
    receipt: resend(vending, receiptLink),
    resend: resend(vending, receiptLink),
    pending: pending(vending),
    'one-time-code': oneTimeCodeSource(secret),
    'idle-month': storedValues,
    refund: storedValues,
    'key-change': storedValues,
    'arrears-bill': arrearsBill,
  } as const satisfies Record<string, MessageSource>;
}

/** A receipt that is asked for by its vend: marked as a copy, to whoever the meter's customer is. */
function resend(vending: VendingService, receiptLink: string | undefined): MessageSource {
  return async (reader, messages) => {
    const records = await vending.findByVends(idsOf(messages), reader);
    const byVend = new Map(records.map((record) => [record.vend!.vendId, record]));
    const meters = await loadVendingMeters(
      { query: (sql, parameters) => reader.read(sql, parameters) },
      records.flatMap(({ meterId }) => meterId ?? []),
    );
    return answersTo(messages, ({ template, subject, recipient, language, smsForm }) => {
      const record = byVend.get(subject.id);
      const meter = meters.get(record?.meterId ?? '');
      if (!record || !meter || (recipient.kind === 'customer' && meter.customerId !== recipient.id)) return undefined;
      const receipt = { ...receiptOf(record, meter, vending), copy: template === 'resend' };
      return {
        values: receiptValues(receipt, language, receiptLink),
        tokens: receipt.tokens,
        ...(smsForm === 'line' && { text: receiptLine(factsOfReceipt(receipt)) }),
      };
    });
  };
}

/** Said only while the token is still to come. */
function pending(vending: VendingService): MessageSource {
  return async (_reader, messages) => {
    const payments = await Promise.all(idsOf(messages).map((id) => vending.find(id)));
    const waiting = new Set(payments.flatMap((payment) => (payment?.state === 'RECEIVED' ? [payment.rechargeId] : [])));
    return answersTo(messages, ({ subject, values }) => (waiting.has(subject.id) ? { values } : undefined));
  };
}

/** With what is owed when it leaves. */
const arrearsBill: MessageSource = async (reader, messages) => {
  const query = { query: reader.read.bind(reader) };
  const states = await readMeterStates(query, idsOf(messages));
  return answersTo(messages, ({ subject, values }) => {
    const owedPaisa = states.get(subject.id)?.arrearsPaisa ?? 0n;
    return owedPaisa > 0n ? { values: { ...values, amount: formatTaka(owedPaisa) } } : undefined;
  });
};

function idsOf(messages: readonly MessageToFill[]): Id[] {
  return [...new Set(messages.map(({ subject }) => subject.id))];
}

function answersTo(
  messages: readonly MessageToFill[],
  say: (message: MessageToFill) => MessageValues | undefined,
): Map<Id, MessageValues> {
  return new Map(
    messages.flatMap((message) => {
      const said = say(message);
      return said ? [[message.messageId, said] as const] : [];
    }),
  );
}
