/** Command ids of the operations this client speaks (SMPP 3.4, 5.1.2.1). Bit 31 marks an answer. */
export const COMMANDS = {
  generic_nack: 0x80000000,
  bind_receiver: 0x00000001,
  bind_receiver_resp: 0x80000001,
  bind_transmitter: 0x00000002,
  bind_transmitter_resp: 0x80000002,
  submit_sm: 0x00000004,
  submit_sm_resp: 0x80000004,
  deliver_sm: 0x00000005,
  deliver_sm_resp: 0x80000005,
  unbind: 0x00000006,
  unbind_resp: 0x80000006,
  bind_transceiver: 0x00000009,
  bind_transceiver_resp: 0x80000009,
  enquire_link: 0x00000015,
  enquire_link_resp: 0x80000015,
  data_sm: 0x00000103,
  data_sm_resp: 0x80000103,
} as const;
export type CommandName = keyof typeof COMMANDS;

/** Tags of the optional parameters this client reads or writes (5.3.2). */
export const TAG = {
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarSequence: 0x020f,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

/** An optional parameter: tag, length and value on the wire (3.2.4). */
export interface Tlv {
  readonly tag: number;
  readonly value: Buffer;
}

interface BindBody {
  readonly systemId: string;
  /** At most 8 characters. Secret: never in a log. */
  readonly password: string;
  readonly systemType: string;
  /** 0x34 for this version. */
  readonly interfaceVersion: number;
  readonly addressTon: number;
  readonly addressNpi: number;
  readonly addressRange: string;
}

/** submit_sm and deliver_sm have the same body (4.4.1, 4.6.1). */
export interface MessageBody {
  readonly serviceType: string;
  readonly sourceTon: number;
  readonly sourceNpi: number;
  readonly source: string;
  readonly destinationTon: number;
  readonly destinationNpi: number;
  readonly destination: string;
  readonly esmClass: number;
  readonly protocolId: number;
  readonly priority: number;
  /** '' = at once. */
  readonly scheduleAt: string;
  /** '' = the SMSC's own; else 16 characters as in 7.1.1: `000000020000000R` is two hours. */
  readonly validity: string;
  readonly registeredDelivery: number;
  readonly replaceIfPresent: number;
  readonly dataCoding: number;
  readonly defaultMessageId: number;
  /** At most 254 octets; longer ones travel as the message_payload parameter. */
  readonly shortMessage: Buffer;
  readonly tlvs: readonly Tlv[];
}

/** data_sm (4.7.1): some SMSCs bring receipts in it. */
interface DataBody {
  readonly serviceType: string;
  readonly sourceTon: number;
  readonly sourceNpi: number;
  readonly source: string;
  readonly destinationTon: number;
  readonly destinationNpi: number;
  readonly destination: string;
  readonly esmClass: number;
  readonly registeredDelivery: number;
  readonly dataCoding: number;
  readonly tlvs: readonly Tlv[];
}

interface Head<Name extends CommandName> {
  readonly command: Name;
  /** 0 in a request and in an answer that all is well; else a code of 5.1.3. */
  readonly status: number;
  /** 1 to 0x7FFFFFFF, though some SMSCs count on; an answer carries its request's. */
  readonly sequence: number;
}
type BindName = 'bind_receiver' | 'bind_transmitter' | 'bind_transceiver';
type BareName = 'generic_nack' | 'unbind' | 'unbind_resp' | 'enquire_link' | 'enquire_link_resp';

type BindRequest = Head<BindName> & BindBody;
type BindAnswer = Head<`${BindName}_resp`> & { readonly systemId: string; readonly tlvs: readonly Tlv[] };
export type MessageRequest = Head<'submit_sm' | 'deliver_sm'> & MessageBody;
export type DataRequest = Head<'data_sm'> & DataBody;
/** The message's id is '' where the SMSC sent none, as in an answer that refuses. */
type MessageAnswer = Head<'submit_sm_resp' | 'deliver_sm_resp' | 'data_sm_resp'> & {
  readonly messageId: string;
  readonly tlvs: readonly Tlv[];
};
type BarePdu = Head<BareName>;
export type Pdu = BindRequest | BindAnswer | MessageRequest | DataRequest | MessageAnswer | BarePdu;

export const HEADER_OCTETS = 16;
/** A 64 kB message_payload and everything around it. A longer length is garbage or an attack. */
export const PDU_MAX_OCTETS = 66_560;
export const SHORT_MESSAGE_MAX_OCTETS = 254;
export const SEQUENCE_MAX = 0x7fffffff;
