import { useState } from 'react';
import { INSTALL_WORK } from './record-works';
import { WorkForm } from './work-form';

/** A new supply; finished, the form is empty again. */
export default function InstallPage() {
  const [turn, setTurn] = useState(0);
  return <WorkForm key={turn} work={INSTALL_WORK} about="" onFinished={() => setTurn(turn + 1)} />;
}
