// Proves that no input crashes, hangs or swells the SMPP decoder: a million of them, from a printed seed, invented or
// spoiled from real PDUs, through the frame reader, the codec, and the readers of receipts and texts.
import { decodePdu, encodePdu, SmppDecodeError } from './codec';
import { parseReceipt } from './delivery-receipt';
import { FrameReader } from './frames';
import { COMMANDS, PDU_MAX_OCTETS, TAG, type Pdu } from './pdu';
import { decodeUserData, type CarriedUserData } from './user-data';

const INPUTS = Number(process.env['SMPP_FUZZ_INPUTS'] ?? 1_000_000);
const seed = Number(process.env['SMPP_FUZZ_SEED'] ?? Date.now() % 0x7fffffff);

/** xorshift32: the same inputs for the same seed. */
let state = seed | 1;
function random(below: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

const message = {
  status: 0,
  sequence: 1,
  serviceType: 'VEND',
  sourceTon: 1,
  sourceNpi: 1,
  source: '8801700000000',
  destinationTon: 5,
  destinationNpi: 0,
  destination: 'NESCO',
  protocolId: 0,
  priority: 0,
  scheduleAt: '',
  validity: '000000020000000R',
  registeredDelivery: 1,
  replaceIfPresent: 0,
  defaultMessageId: 0,
};
const RECEIPT =
  'id:0123456789 sub:001 dlvrd:001 submit date:2511221010 done date:2511221011 stat:DELIVRD err:000 text:Token';
const MODELS: Buffer[] = (
  [
    { command: 'deliver_sm', ...message, esmClass: 4, dataCoding: 0, shortMessage: Buffer.from(RECEIPT), tlvs: [] },
    {
      command: 'deliver_sm',
      ...message,
      esmClass: 0x40,
      dataCoding: 8,
      shortMessage: Buffer.from('05000307020109950020', 'hex'),
      tlvs: [
        { tag: TAG.receiptedMessageId, value: Buffer.from('7b\0') },
        { tag: TAG.messageState, value: Buffer.from([2]) },
        { tag: TAG.sarReference, value: Buffer.from([1, 2]) },
        { tag: TAG.messagePayload, value: Buffer.alloc(400, 0x1b) },
      ],
    },
    { command: 'submit_sm_resp', status: 0, sequence: 9, messageId: '00C0FFEE', tlvs: [] },
    { command: 'bind_transceiver_resp', status: 0, sequence: 9, systemId: 'SMSC', tlvs: [] },
    { command: 'enquire_link', status: 0, sequence: 3 },
  ] as Pdu[]
).map(encodePdu);
const COMMAND_IDS = Object.values(COMMANDS);

/** A real PDU with some octets changed, cut or grown; most keep an honest length so that they reach the body's reader. */
function spoiled(): Buffer {
  const model = MODELS[random(MODELS.length)]!;
  const grow = random(4) === 0 ? random(64) : 0;
  const bytes = Buffer.alloc(model.length + grow, random(256));
  model.copy(bytes);
  const length = random(4) === 0 ? random(bytes.length + 1) : bytes.length;
  for (let changes = random(6); changes > 0; changes--) bytes[random(bytes.length)] = random(256);
  if (random(3) === 0) bytes.writeUInt32BE(COMMAND_IDS[random(COMMAND_IDS.length)]!, 4);
  const part = bytes.subarray(0, length);
  if (length >= 4 && random(8) !== 0) part.writeUInt32BE(length, 0);
  return part;
}

function invented(): Buffer {
  const bytes = Buffer.alloc(random(120));
  for (let at = 0; at < bytes.length; at++) bytes[at] = random(256);
  if (bytes.length >= 4 && random(2) === 0) bytes.writeUInt32BE(bytes.length, 0);
  return bytes;
}

const counts = { read: 0, refused: 0 };

/** All that the session does with a frame before anyone else sees it. */
function digest(frame: Buffer): void {
  try {
    const pdu = decodePdu(frame);
    counts.read++;
    if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm') return;
    const carried: CarriedUserData = pdu;
    parseReceipt(carried);
    decodeUserData(carried, random(2) === 0 ? 'packed' : 'unpacked');
  } catch (error) {
    if (!(error instanceof SmppDecodeError)) throw error;
    counts.refused++;
  }
}

it(`survives ${INPUTS.toLocaleString('en')} inputs, each at once, in little memory (SMPP_FUZZ_SEED=${seed})`, () => {
  // Most inputs are refused, and writing down where would take longer than all the rest.
  Error.stackTraceLimit = 0;
  const heapBefore = process.memoryUsage().heapUsed;
  let slowestMs = 0;
  let keptMax = 0;
  let reader = new FrameReader();
  for (let n = 0; n < INPUTS; n++) {
    const input = random(5) === 0 ? invented() : spoiled();
    const begunMs = performance.now();
    digest(input);
    try {
      for (const frame of reader.push(input)) digest(frame);
      keptMax = Math.max(keptMax, reader.kept);
    } catch (error) {
      if (!(error instanceof SmppDecodeError)) throw error;
      reader = new FrameReader(); // as a session does: the link is reset
    }
    slowestMs = Math.max(slowestMs, performance.now() - begunMs);
  }
  // Both must have happened in plenty, or the fuzz has tried nothing.
  expect(counts.read).toBeGreaterThan(INPUTS / 20);
  expect(counts.refused).toBeGreaterThan(INPUTS / 20);
  expect(keptMax).toBeLessThan(PDU_MAX_OCTETS);
  // Generous, for a machine that is busy with something else: a hang is seconds and longer.
  expect(slowestMs).toBeLessThan(1000);
  expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(256_000_000);
}, 120_000);
