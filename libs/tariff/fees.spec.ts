/** Proves service fees with VAT added, deposits, their set-off, and the power-factor surcharge against the guide's numbers. */
import { startOfDay } from '@vend/kernel';
import { firstLightBook, powerFactorSurcharge, securityDeposit, serviceFee, setOffDeposit } from '.';

const schedule = firstLightBook.feesAt(startOfDay('2026-11-21'));

describe('serviceFee', () => {
  it.each<[string, 'LT' | 'MT' | 'HT' | 'EHT', 1 | 3, bigint, bigint]>([
    ['application-new', 'LT', 1, 10_000n, 1500n],
    ['application-new', 'LT', 3, 30_000n, 4500n],
    ['application-new', 'EHT', 3, 200_000n, 30_000n],
    ['application-temporary', 'MT', 3, 100_000n, 15_000n],
    ['pole-or-line-shift', 'HT', 3, 150_000n, 22_500n],
    ['service-drop-reroute', 'MT', 3, 125_000n, 18_750n],
    ['disconnection-arrears', 'EHT', 3, 1_000_000n, 150_000n],
    ['reconnection-on-request', 'LT', 1, 20_000n, 3000n],
    ['meter-test', 'LT', 3, 40_000n, 6000n],
  ])('%s at %s, %i phase', (id, level, phase, feePaisa, vatPaisa) => {
    expect(serviceFee(schedule, id, { level, phase })).toEqual({ feePaisa, vatPaisa, totalPaisa: feePaisa + vatPaisa });
  });

  it('tests a low-tension meter with current transformers for Tk 600', () => {
    expect(serviceFee(schedule, 'meter-test', { level: 'LT', phase: 3, currentTransformers: true }).feePaisa).toBe(
      60_000n,
    );
  });

  it('does not decide what the guide leaves out or contradicts', () => {
    expect(() => serviceFee(schedule, 'application-temporary', { level: 'HT', phase: 3 })).toThrow('fee-unknown');
    expect(() => serviceFee(schedule, 'reconnection-arrears', { level: 'EHT', phase: 3 })).toThrow('fee-unknown');
  });
});

describe('deposits', () => {
  it.each([
    ['LT-A', 2000n, 80_000n],
    ['LT-B', 2500n, 150_000n],
    ['LT-A', 50_000n, 3_000_000n],
    ['LT-E', 5000n, 400_000n],
    ['MT-3', 100_000n, 10_000_000n],
  ] as const)('%s, %s W', (tariffClass, loadW, paisa) => {
    expect(securityDeposit(schedule, tariffClass, loadW)).toBe(paisa);
  });

  it('has no row for LT-A above 50 kW', () => {
    expect(() => securityDeposit(schedule, 'LT-A', 50_001n)).toThrow('fee-unknown');
  });

  it('goes against arrears first', () => {
    expect(setOffDeposit(80_000n, 50_000n)).toEqual({ setOffPaisa: 50_000n, payOutPaisa: 30_000n });
    expect(setOffDeposit(80_000n, 90_000n)).toEqual({ setOffPaisa: 80_000n, payOutPaisa: 0n });
    expect(() => setOffDeposit(-1n, 0n)).toThrow(RangeError);
  });
});

describe('powerFactorSurcharge', () => {
  it.each([
    [100, 0n, false],
    [95, 0n, false],
    [94, 75n, false],
    [90, 375n, false],
    [75, 1500n, false],
    [74, 1500n, true],
  ])('power factor 0.%i', (hundredths, percentBp, belowLowest) => {
    const surchargePaisa = percentBp * 10n;
    expect(powerFactorSurcharge(100_000n, hundredths)).toEqual({ percentBp, surchargePaisa, belowLowest });
  });

  it('refuses what is no power factor', () => {
    for (const wrong of [-1, 101, 0.9]) expect(() => powerFactorSurcharge(1n, wrong)).toThrow(RangeError);
  });
});
