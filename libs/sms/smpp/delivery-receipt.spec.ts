// Proves the reading of delivery receipts: text, parameters, both at odds, both id forms, and what is no receipt.
import { canonicalMessageId, isReceipt, parseReceipt } from './delivery-receipt';

const TEXT =
  'id:0000000123 sub:001 dlvrd:001 submit date:2511221010 done date:251122101130 stat:DELIVRD err:000 text:Token';
const carried = (text: string, tlvs: { tag: number; value: Buffer }[] = []) => ({
  esmClass: 4,
  dataCoding: 0,
  shortMessage: Buffer.from(text),
  tlvs,
});

describe('receipts', () => {
  it('are read from the text of appendix B', () => {
    expect(parseReceipt(carried(TEXT))).toEqual({
      messageId: '0000000123',
      fate: 'delivered',
      stat: 'DELIVRD',
      errorCode: '000',
      userMessageReference: null,
    });
  });

  it('are read from the parameters first', () => {
    const tlvs = [
      { tag: 0x001e, value: Buffer.from('7b\0') },
      { tag: 0x0427, value: Buffer.from([5]) },
      { tag: 0x0204, value: Buffer.from([1, 2]) },
    ];
    expect(parseReceipt(carried(TEXT, tlvs))).toEqual({
      messageId: '7b',
      fate: 'failed',
      stat: 'UNDELIV',
      errorCode: '000',
      userMessageReference: 258,
    });
    expect(parseReceipt(carried('', tlvs))).toMatchObject({ messageId: '7b', errorCode: null });
  });

  it.each([
    ['DELIVRD', 'delivered'],
    ['EXPIRED', 'failed'],
    ['DELETED', 'failed'],
    ['UNDELIV', 'failed'],
    ['REJECTD', 'failed'],
    ['ACCEPTD', 'pending'],
    ['ENROUTE', 'pending'],
    ['BUFFERED', 'pending'],
    ['UNKNOWN', 'unknown'],
    ['SOMETHING', 'unknown'],
  ])('stat:%s is %s', (stat, fate) => {
    expect(parseReceipt(carried(`ID:9 STAT:${stat.toLowerCase()} ERR:0A1`))).toMatchObject({
      fate,
      stat,
      errorCode: '0A1',
    });
  });

  it.each(['', 'stat:DELIVRD', 'id:', 'hello'])('%p names no message', (text) => {
    expect(parseReceipt(carried(text))).toBeUndefined();
  });

  it.each([
    [0x04, true],
    [0x44, true],
    [0x00, false],
    [0x40, false],
    [0x08, false],
    [0x20, false],
  ])('esm_class %i: %p', (esmClass, expected) => {
    expect(isReceipt(esmClass)).toBe(expected);
  });
});

describe('message ids', () => {
  it.each([
    ['7B', 'hex', '0000000123', 'decimal'],
    ['0000007b', 'hex', '123', 'decimal'],
    ['FFFFFFFFFFFFFFFFFFFF', 'hex', '1208925819614629174706175', 'decimal'],
    ['12-a', 'text', '12-a', 'text'],
  ] as const)('%s in %s is %s in %s', (response, responseForm, receipt, receiptForm) => {
    expect(canonicalMessageId(response, responseForm)).toBe(canonicalMessageId(receipt, receiptForm));
  });

  it('keeps what is not a number of its form', () => {
    expect(canonicalMessageId('abc-1', 'hex')).toBe('abc-1');
    expect(canonicalMessageId('12a', 'decimal')).toBe('12a');
  });
});
