import { costOf, paceOf, type Broadcast } from '@vend/broadcasts';
import { formatInstant, type InstantMs } from '@vend/kernel';
import { moneyView } from '../http/format';
import type { BroadcastDto } from './broadcast.dto';

const instant = (at: InstantMs | null) => (at === null ? null : formatInstant(at));

/** A notice as its makers and its auditors see it. */
export function broadcastView(broadcast: Broadcast, now: InstantMs): BroadcastDto {
  const { id, state, name, template, texts, audience, quietHours, ratePerSecond, office, madeBy } = broadcast;
  const { customers, samePhone, optedOut, recipients, parts, approvalId, launchedBy, settled, waitingFor } = broadcast;
  const { percent, perSecond, secondsLeft, endsAbout } = paceOf(broadcast, now);
  const { arrearsOverPaisa } = audience;
  return {
    ...{ id, state, name, template, textBn: texts?.bn ?? null, textEn: texts?.en ?? null },
    contentSha256: broadcast.contentSha256,
    audience: {
      offices: audience.offices,
      tariffClasses: audience.tariffClasses,
      arrearsOver: arrearsOverPaisa === null ? null : moneyView(arrearsOverPaisa),
    },
    ...{ ratePerSecond, quietHours, office, madeBy, customers, samePhone, optedOut, recipients, parts },
    startsAt: instant(broadcast.startsAt),
    endsAt: formatInstant(broadcast.endsAt),
    madeAt: formatInstant(broadcast.madeAt),
    totalCost: moneyView(costOf(broadcast)),
    ...{ approvalId, launchedBy, settled, percent, perSecond, secondsLeft, waitingFor },
    launchedAt: instant(broadcast.launchedAt),
    endedAt: instant(broadcast.endedAt),
    endReason: broadcast.endReason,
    endsAbout: instant(endsAbout),
  };
}
