// Proves that every taka of every channel ends as one vend, one open case or one refund: a short storm of payments with faults
// by chance, each process of ours killed once and one put to sleep; then the companies' own books against ours.
import { storm } from '../storm/storm';

// Far more than it takes: only a system that never comes to rest may fail by time.
jest.setTimeout(900_000);

it('loses no taka and vends none twice, whatever is killed and whatever the companies do', async () => {
  const said: string[] = [];
  const report = await storm({
    name: 'storm',
    seed: 20_261_122,
    payments: 300,
    companies: [],
    meters: 60,
    blows: 5,
    parts: ['api', 'worker', 'token-server', 'redis'],
    faultChance: 0.04,
    clients: 12,
    awayPayments: 15,
    awayMs: 3_000,
    restWithinMs: 300_000,
    say: (line) => said.push(line),
  });
  expect({ faults: report.faults, said: report.faults.length > 0 ? said : [] }).toEqual({ faults: [], said: [] });
  expect(report.struck).toHaveLength(5);
  expect(report.whereabouts.vended).toBeGreaterThan(100);
  expect(report.whereabouts.owedWithCase).toBeGreaterThan(0);
});
