import { mkdirSync } from 'node:fs';
import { openSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { splitKek, writeSecretFile } from '@vend/keystore';
import type { Splitting } from '@vend/keystore';
import type { Arguments } from './arguments';
import type { Questions } from './questions';
import { UsageError } from './usage';

const CLEAR_SCREEN = '\x1b[2J\x1b[3J\x1b[H';

/** How the KEK shall be split. @throws {UsageError} */
function splittingOf(args: Arguments): Splitting {
  return { shares: args.whole('shares'), threshold: args.whole('threshold') };
}

/**
 * Splits a KEK and gives each custodian a share: at the terminal, one after another, each typing it back; or as files
 * of mode 0600 in a directory, such as one memory stick after another. Before this has succeeded nothing may be
 * sealed under the KEK: shares that were never written down cannot be made again.
 */
export async function handOutShares(args: Arguments, questions: Questions, kek: Buffer): Promise<string> {
  const directory = args.text('shares-dir');
  if (directory === undefined && !questions.atTerminal) throw new UsageError('--shares-dir is missing');
  const lines = await split(kek, splittingOf(args));
  if (directory !== undefined) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    lines.forEach((line, i) => writeSecretFile(join(directory, `share-${i + 1}.txt`), `${line}\n`, 'refuse'));
    return `${lines.length} shares written to ${directory}: give each to its custodian and destroy the copy`;
  }
  for (const [i, line] of lines.entries()) await showAndHearBack(questions, line, `${i + 1} of ${lines.length}`);
  return `${lines.length} shares handed out and typed back`;
}

async function split(kek: Buffer, splitting: Splitting): Promise<string[]> {
  try {
    return await splitKek(kek, splitting);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  }
}

async function showAndHearBack(questions: Questions, line: string, number: string): Promise<void> {
  for (;;) {
    const screen = openSync('/dev/tty', 'w');
    writeSync(screen, `${CLEAR_SCREEN}Custodian ${number}, alone at the screen. Write this down:\n\n  ${line}\n\n`);
    (await questions.secret('seen', 'Press Enter when it is written down')).fill(0);
    writeSync(screen, CLEAR_SCREEN);
    closeSync(screen);
    const back = await questions.secret('share', `Custodian ${number}: type your share back`);
    const isRight = back.toString('latin1').trim().toLowerCase() === line;
    back.fill(0);
    if (isRight) return;
  }
}
