/* Proves that a vend is held against what a meter's register holds, in the meter's unit, with the step that a Taka token rounds up by. */
import { assertRegisterHolds } from './register';

const holds =
  (registerMaxWh: bigint | null, registerMaxPaisa: bigint | null) =>
  (energyWh: bigint | null, energyPaisa: bigint) =>
  () =>
    assertRegisterHolds({ registerMaxWh, registerMaxPaisa }, { energyWh, energyPaisa });

it('counts energy to the last tenth of a kWh', () => {
  const vend = holds(100_000n, 1n);
  expect(vend(100_000n, 9_999_999n)).not.toThrow();
  expect(vend(100_100n, 0n)).toThrow(
    expect.objectContaining({ code: 'above-meter-register', facts: { maximumKwh: '100.0' } }),
  );
});

it('counts Taka with what the token adds by rounding up', () => {
  const vend = holds(1n, 100_000n);
  expect(vend(null, 99_939n)).not.toThrow();
  expect(vend(null, 99_940n)).toThrow(
    expect.objectContaining({ code: 'above-meter-register', facts: { maximumTaka: '1000.00' } }),
  );
});

it('trusts a meter of which nothing is known', () => {
  expect(holds(null, null)(10n ** 12n, 0n)).not.toThrow();
  expect(holds(null, null)(null, 10n ** 12n)).not.toThrow();
});
