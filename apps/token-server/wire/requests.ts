import { WireReader } from './reader';

// The three kinds of request as they come over the wire, fields as in proto/vend/token/v1/token_server.proto. They are
// read here and not by proto-loader because a bulk order brings tens of thousands a second: measured, 0.5 against 1.6
// microseconds each (docs/adr/0012). Nothing is checked but the form; that is the work of requests in ../issuing.

export interface WireMeterKey {
  meterPan: string;
  ea: number;
  tct: number;
  sgc: string;
  krn: number;
  ti: string;
  kt: number;
  ken: number;
  baseDate: number;
}

export interface WireCreditRequest {
  requestId: string;
  meter: WireMeterKey | null;
  subclass: number;
  tid: number;
  rnd: number;
  amountUnits: bigint;
}

export interface WireTestDisplay {
  subclass: number;
  manufacturer: number;
  control: bigint;
}

/** The last command of the message, as protobuf's oneof has it. */
type WireCommand =
  | { readonly kind: 'max-power-limit' | 'clear-credit' | 'clear-tamper' | 'phase-unbalance-limit'; value: bigint }
  | { readonly kind: 'test-display'; readonly test: WireTestDisplay };

export interface WireManagementRequest {
  requestId: string;
  meter: WireMeterKey | null;
  command: WireCommand | null;
  tid: number;
  rnd: number;
}

export interface WireKeyTarget {
  sgc: string;
  krn: number;
  ti: string;
  kt: number;
}

export interface WireKeyChangeRequest {
  requestId: string;
  meter: WireMeterKey | null;
  target: WireKeyTarget | null;
  withSupplyGroup: boolean;
}

/** Requests of one kind, as one call or one piece of a bulk order brings them. */
export type WireGroup =
  | { readonly kind: 'credit'; readonly requests: WireCreditRequest[] }
  | { readonly kind: 'management'; readonly requests: WireManagementRequest[] }
  | { readonly kind: 'key-change'; readonly requests: WireKeyChangeRequest[] };

/** @throws {WireFormatError} */
export function readCreditGroup(bytes: Buffer): Extract<WireGroup, { kind: 'credit' }> {
  return { kind: 'credit', requests: readList(new WireReader(bytes), readCredit) };
}

/** @throws {WireFormatError} */
export function readManagementGroup(bytes: Buffer): Extract<WireGroup, { kind: 'management' }> {
  return { kind: 'management', requests: readList(new WireReader(bytes), readManagement) };
}

/** @throws {WireFormatError} */
export function readKeyChangeGroup(bytes: Buffer): Extract<WireGroup, { kind: 'key-change' }> {
  return { kind: 'key-change', requests: readList(new WireReader(bytes), readKeyChange) };
}

/** A piece of a bulk order; null when it holds no group. @throws {WireFormatError} */
export function readBulkPiece(bytes: Buffer): WireGroup | null {
  let group: WireGroup | null = null;
  for (const reader = new WireReader(bytes); reader.next();) {
    if (reader.field > 3) {
      reader.skip();
      continue;
    }
    const outer = reader.enter();
    if (reader.field === 1) group = { kind: 'credit', requests: readList(reader, readCredit) };
    else if (reader.field === 2) group = { kind: 'management', requests: readList(reader, readManagement) };
    else group = { kind: 'key-change', requests: readList(reader, readKeyChange) };
    reader.leave(outer);
  }
  return group;
}

function readList<T>(reader: WireReader, readOne: (reader: WireReader) => T): T[] {
  const list: T[] = [];
  while (reader.next()) {
    if (reader.field === 1) {
      const outer = reader.enter();
      list.push(readOne(reader));
      reader.leave(outer);
    } else reader.skip();
  }
  return list;
}

function readCredit(reader: WireReader): WireCreditRequest {
  const request: WireCreditRequest = { requestId: '', meter: null, subclass: 0, tid: 0, rnd: 0, amountUnits: 0n };
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        request.requestId = reader.text();
        break;
      case 2:
        request.meter = readMeter(reader, request.meter);
        break;
      case 3:
        request.subclass = reader.uint32();
        break;
      case 4:
        request.tid = reader.uint32();
        break;
      case 5:
        request.rnd = reader.uint32();
        break;
      case 6:
        request.amountUnits = reader.int64();
        break;
      default:
        reader.skip();
    }
  }
  return request;
}

/** A message that comes twice is one message, as protobuf has it. */
function readMeter(reader: WireReader, known: WireMeterKey | null): WireMeterKey {
  const meter = known ?? { meterPan: '', ea: 0, tct: 0, sgc: '', krn: 0, ti: '', kt: 0, ken: 0, baseDate: 0 };
  const outer = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        meter.meterPan = reader.text();
        break;
      case 2:
        meter.ea = reader.uint32();
        break;
      case 3:
        meter.tct = reader.uint32();
        break;
      case 4:
        meter.sgc = reader.text();
        break;
      case 5:
        meter.krn = reader.uint32();
        break;
      case 6:
        meter.ti = reader.text();
        break;
      case 7:
        meter.kt = reader.uint32();
        break;
      case 8:
        meter.ken = reader.uint32();
        break;
      case 9:
        meter.baseDate = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return meter;
}

function readManagement(reader: WireReader): WireManagementRequest {
  const request: WireManagementRequest = { requestId: '', meter: null, command: null, tid: 0, rnd: 0 };
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        request.requestId = reader.text();
        break;
      case 2:
        request.meter = readMeter(reader, request.meter);
        break;
      case 3:
        request.command = { kind: 'max-power-limit', value: reader.uint64() };
        break;
      case 4:
        request.command = { kind: 'clear-credit', value: BigInt(reader.uint32()) };
        break;
      case 5:
        reader.leave(reader.enter());
        request.command = { kind: 'clear-tamper', value: 0n };
        break;
      case 6:
        request.command = { kind: 'phase-unbalance-limit', value: reader.uint64() };
        break;
      case 7:
        request.command = { kind: 'test-display', test: readTestDisplay(reader, request.command) };
        break;
      case 8:
        request.tid = reader.uint32();
        break;
      case 9:
        request.rnd = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  return request;
}

function readTestDisplay(reader: WireReader, known: WireCommand | null): WireTestDisplay {
  const test = known?.kind === 'test-display' ? known.test : { subclass: 0, manufacturer: 0, control: 0n };
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === 1) test.subclass = reader.uint32();
    else if (reader.field === 2) test.manufacturer = reader.uint32();
    else if (reader.field === 3) test.control = reader.uint64();
    else reader.skip();
  }
  reader.leave(outer);
  return test;
}

function readKeyChange(reader: WireReader): WireKeyChangeRequest {
  const request: WireKeyChangeRequest = { requestId: '', meter: null, target: null, withSupplyGroup: false };
  while (reader.next()) {
    if (reader.field === 1) request.requestId = reader.text();
    else if (reader.field === 2) request.meter = readMeter(reader, request.meter);
    else if (reader.field === 3) request.target = readTarget(reader, request.target);
    else if (reader.field === 4) request.withSupplyGroup = reader.bool();
    else reader.skip();
  }
  return request;
}

function readTarget(reader: WireReader, known: WireKeyTarget | null): WireKeyTarget {
  const target = known ?? { sgc: '', krn: 0, ti: '', kt: 0 };
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === 1) target.sgc = reader.text();
    else if (reader.field === 2) target.krn = reader.uint32();
    else if (reader.field === 3) target.ti = reader.text();
    else if (reader.field === 4) target.kt = reader.uint32();
    else reader.skip();
  }
  reader.leave(outer);
  return target;
}
