import { COMMANDS, type CommandName } from './pdu';

/** A mandatory field: its name here, and the octets of its C-octet string with the NUL; 0 = a one-octet integer. */
type Field = readonly [name: string, maxOctets: number];

interface Layout {
  readonly fields: readonly Field[];
  /** sm_length and short_message follow the fields. */
  readonly shortMessage: boolean;
  /** Optional parameters may follow. */
  readonly tlvs: boolean;
  /** The body may be missing altogether: an answer that refuses often has none (and 3.4 allows it). */
  readonly mayBeEmpty: boolean;
}

const bind: Layout = {
  fields: [
    ['systemId', 16],
    ['password', 9],
    ['systemType', 13],
    ['interfaceVersion', 0],
    ['addressTon', 0],
    ['addressNpi', 0],
    ['addressRange', 41],
  ],
  shortMessage: false,
  tlvs: false,
  mayBeEmpty: false,
};
const addresses = (octets: number): Field[] => [
  ['serviceType', 6],
  ['sourceTon', 0],
  ['sourceNpi', 0],
  ['source', octets],
  ['destinationTon', 0],
  ['destinationNpi', 0],
  ['destination', octets],
  ['esmClass', 0],
];
const message: Layout = {
  fields: [
    ...addresses(21),
    ['protocolId', 0],
    ['priority', 0],
    ['scheduleAt', 17],
    ['validity', 17],
    ['registeredDelivery', 0],
    ['replaceIfPresent', 0],
    ['dataCoding', 0],
    ['defaultMessageId', 0],
  ],
  shortMessage: true,
  tlvs: true,
  mayBeEmpty: false,
};
const data: Layout = {
  fields: [...addresses(65), ['registeredDelivery', 0], ['dataCoding', 0]],
  shortMessage: false,
  tlvs: true,
  mayBeEmpty: false,
};
const answer = (name: string, octets: number): Layout => ({
  fields: [[name, octets]],
  shortMessage: false,
  tlvs: true,
  mayBeEmpty: true,
});
const bare: Layout = { fields: [], shortMessage: false, tlvs: false, mayBeEmpty: true };

/** The body of each operation (SMPP 3.4, chapter 4). */
export const LAYOUTS: Readonly<Record<CommandName, Layout>> = {
  generic_nack: bare,
  bind_receiver: bind,
  bind_receiver_resp: answer('systemId', 16),
  bind_transmitter: bind,
  bind_transmitter_resp: answer('systemId', 16),
  bind_transceiver: bind,
  bind_transceiver_resp: answer('systemId', 16),
  submit_sm: message,
  submit_sm_resp: answer('messageId', 65),
  deliver_sm: message,
  deliver_sm_resp: answer('messageId', 65),
  data_sm: data,
  data_sm_resp: answer('messageId', 65),
  unbind: bare,
  unbind_resp: bare,
  enquire_link: bare,
  enquire_link_resp: bare,
};

/** Names by command id. */
export const COMMAND_NAMES: ReadonlyMap<number, CommandName> = new Map(
  Object.entries(COMMANDS).map(([name, id]) => [id, name as CommandName]),
);
