import { SmscCenter } from '../../apps/sandbox/smsc/smsc-center';
import { smscFaults } from '../../apps/sandbox/smsc/smsc-settings';

/** The short message centre as a process of its own: its work must not slow down the client that is measured. */
const center = new SmscCenter();
process.on('message', ({ latencyMs }: { latencyMs: number }) => {
  center.setFaults(smscFaults.parse({ latencyMs, receiptsMissing: 1 }));
  process.send!({ ready: true });
});
process.on('disconnect', () => process.exit());
void center.listen(0).then((port) => process.send!({ port }));
