// Proves that a seed plays the same faults whatever lies between, about as often as told, and which contract plays which.
import { faultsOf, ProviderFaults } from './provider-faults';

function thrown(faults: ProviderFaults, times: number, disturbed = false): boolean[] {
  return Array.from({ length: times }, () => {
    if (disturbed) faults.happens('demo-form', 'slow');
    return faults.happens('demo-form', 'answer-lost');
  });
}

const setting = { seed: 7, faults: { 'answer-lost': 0.25, slow: 0.5 } };

it('plays the same from the same seed, and not from another', () => {
  const faults = new ProviderFaults();
  faults.set('demo-form', setting);
  const first = thrown(faults, 200);
  faults.set('demo-form', setting);
  expect(thrown(faults, 200, true)).toEqual(first);
  const often = first.filter(Boolean).length;
  expect([often > 20, often < 80]).toEqual([true, true]);
  faults.set('demo-form', { ...setting, seed: 8 });
  expect(thrown(faults, 200)).not.toEqual(first);
});

it('plays nothing that nobody asked for', () => {
  const faults = new ProviderFaults();
  faults.set('demo-form', { seed: 1, faults: { slow: 1 } });
  expect(thrown(faults, 50)).not.toContain(true);
  expect(faults.happens('demo-form', 'slow')).toBe(true);
  expect(faults.happens('demo-json', 'slow')).toBe(false);
});

it('knows who can play what', () => {
  expect(faultsOf('biller-form-v1')).toContain('answer-lost');
  expect(faultsOf('biller-form-v1')).not.toContain('ipn-short-key');
  expect(faultsOf('sslcommerz-v4')).toContain('ipn-short-key');
  expect(faultsOf('no-such-contract')).toEqual([]);
});
