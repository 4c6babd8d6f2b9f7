import type { OfficePageProps } from '../office-pages';
import { FindMeter } from './find-meter';

/** A meter is looked for; its card is below its number. */
export default function MetersPage(_props: OfficePageProps) {
  return <FindMeter />;
}
