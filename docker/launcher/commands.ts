import { Demo } from './demo';
import { castOf } from './demo-cast';
import { DemoFailed } from './demo-calls';
import type { DemoRecharge } from './demo';
import type { Layout } from './layout';
import { stopProcess } from './processes';
import { StepFailed, explain } from './progress';
import type { Progress } from './progress';
import { applicationSecrets } from './secrets';
import { stopServers } from './servers';
import { becomeLauncher, launcherRecord, resignAsLauncher, runningStack } from './launcher-record';
import type { StackAddress } from './launcher-record';
import { Stack } from './stack';
import { stopLeftOvers } from './supervisor';
import { APPS } from './environment';

/** `npm start`: everything up, the demo, then stay until a signal. */
export async function start(layout: Layout, progress: Progress): Promise<number> {
  const other = becomeLauncher(layout);
  if (other) {
    progress.say(
      `already running (process ${other.pid}); stop it with Ctrl-C there or "node docker/bootstrap.mjs stop"`,
    );
    const running = runningStack(layout);
    if (running) printAddresses(layout, running, progress);
    return 1;
  }
  const stack = new Stack(layout, progress, true);
  const ended = endOnSignal(stack, layout, progress);
  try {
    const address = await stack.up();
    await performDemo(layout, address, progress);
    printAddresses(layout, address, progress);
    progress.say('running; Ctrl-C stops everything');
    return await ended.signalled;
  } catch (error) {
    if (ended.isEnding()) return ended.signalled;
    process.stderr.write(`\n${explain(asStep(error))}\n`);
    await takeDown(stack, layout, progress);
    return 1;
  }
}

/** `npm run demo`: the same, then stop. The last line is JSON; the exit status is 0 only when every step held. */
export async function demo(layout: Layout, progress: Progress): Promise<number> {
  const running = runningStack(layout);
  if (running) {
    progress.say('using the system that is already running here');
    return concludeDemo(progress, () => performDemo(layout, running, progress));
  }
  const other = becomeLauncher(layout);
  if (other) {
    return concludeDemo(progress, () =>
      Promise.reject(new StepFailed('launch', `process ${other.pid} is just starting or stopping the system here`)),
    );
  }
  const stack = new Stack(layout, progress, false);
  const ended = endOnSignal(stack, layout, progress);
  const status = await concludeDemo(progress, async () => {
    try {
      const recharges = await performDemo(layout, await stack.up(), progress);
      await takeDown(stack, layout, progress);
      return recharges;
    } catch (error) {
      if (!ended.isEnding()) {
        await takeDown(stack, layout, progress);
        throw error;
      }
      await ended.signalled;
      throw new StepFailed('launch', 'stopped by a signal', undefined, { cause: error });
    }
  });
  return status;
}

/** `stop`: ends the launcher of this checkout if there is one, and whatever a killed one has left behind. */
export async function stop(layout: Layout, progress: Progress): Promise<number> {
  const stopped: string[] = [];
  const launcher = launcherRecord(layout);
  if (launcher) {
    await stopProcess(launcher, 90_000);
    stopped.push(`the launcher (process ${launcher.pid})`);
  }
  stopped.push(...(await stopLeftOvers(layout, APPS)), ...(await stopServers(layout)));
  progress.say(stopped.length > 0 ? `stopped ${stopped.join(', ')}` : 'nothing was running');
  return 0;
}

async function performDemo(layout: Layout, address: StackAddress, progress: Progress): Promise<DemoRecharge[]> {
  progress.say('demo: two recharges on the running system ...');
  const print = (line: string): void => progress.plain(line);
  const recharges = await new Demo(address, castOf(layout), print).perform();
  progress.plain('');
  progress.say('demo: every step held');
  return recharges;
}

async function concludeDemo(progress: Progress, perform: () => Promise<DemoRecharge[]>): Promise<number> {
  try {
    const recharges = await perform();
    progress.plain(JSON.stringify({ ok: true, recharges }));
    return 0;
  } catch (error) {
    const failure = asStep(error);
    process.stderr.write(`\n${explain(failure)}\n`);
    const step = failure instanceof StepFailed ? failure.step : 'demo';
    progress.plain(JSON.stringify({ ok: false, step, error: (failure as Error).message }));
    return 1;
  }
}

function asStep(error: unknown): unknown {
  return error instanceof DemoFailed ? new StepFailed(error.step, error.message, undefined, { cause: error }) : error;
}

function printAddresses(layout: Layout, { apiUrl, sandboxUrl }: StackAddress, progress: Progress): void {
  progress.plain('');
  progress.plain(`API            ${apiUrl}        description: ${apiUrl}/docs`);
  progress.plain(`Counter        ${apiUrl}/counter/        in the browser, with the demo login of a clerk below`);
  progress.plain(`Office         ${apiUrl}/office/         everything else that staff does, each what is theirs`);
  progress.plain(`Sandbox        ${sandboxUrl}        phones, virtual meters, mobile money`);
  for (const { username, password, role, station, totpSecret } of applicationSecrets(layout).logins) {
    const code = totpSecret === undefined ? '' : `, code: npm run -s code -- ${username}`;
    progress.plain(`Demo login     ${username} / ${password}   (${role}, ${station}${code})`);
  }
  progress.plain(`Logs           ${layout.logs}`);
  progress.plain('');
}

async function takeDown(stack: Stack, layout: Layout, progress: Progress): Promise<void> {
  progress.say('stopping ...');
  await stack.down();
  resignAsLauncher(layout);
  progress.say('stopped');
}

interface Ending {
  /** Resolves with the exit status when a signal has come and everything is stopped. */
  readonly signalled: Promise<number>;
  isEnding(): boolean;
}

function endOnSignal(stack: Stack, layout: Layout, progress: Progress): Ending {
  let ending = false;
  const signalled = new Promise<number>((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (ending) return;
        ending = true;
        takeDown(stack, layout, progress).then(() => resolve(0), reject);
      });
    }
  });
  return { signalled, isEnding: () => ending };
}
