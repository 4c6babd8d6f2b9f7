/*
 * Proves the key ceremony at a terminal: people are asked by name, what they type is not shown, shares are shown to one
 * custodian at a time and typed back, and Ctrl-C leaves everything as it was. A pseudo-terminal of `script` plays the terminal.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../docker/launcher/programs';
import { asShares, KeyRoom, TWO } from '../support/key-room';
import { eventually } from '../support/system';

const MAIN = join(__dirname, '../../dist/apps/keys/main.js');
const COMPONENTS = ['0123456789abcdef0123456789abcdef01234567', '1111111111111111111111111111111111111111'];

/** Somebody at a terminal. */
class Terminal {
  private screen = '';
  private seen = 0;
  private readonly closed: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.screen += text));
    this.closed = once(child, 'close');
  }

  static of(room: KeyRoom, command: readonly string[]): Terminal {
    const quoted = command.map((word) => `'${word}'`).join(' ');
    const line = `ulimit -c 0; exec '${process.execPath}' '${MAIN}' ${quoted}`;
    const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
      env: {
        PATH: process.env['PATH'],
        SHELL: '/bin/sh',
        KEY_FILE: room.keyFile,
        KEYS_JOURNAL_DIR: room.journalDirectory,
        KEY_SEEN_FILE: room.seenFile,
      },
    });
    return new Terminal(child);
  }

  /** Waits for something on the screen after what was waited for before; answers what came until then. */
  async shows(pattern: RegExp): Promise<string> {
    await eventually(`the terminal shows ${String(pattern)}`, async () => pattern.test(this.screen.slice(this.seen)));
    const part = this.screen.slice(this.seen);
    const found = pattern.exec(part)!;
    this.seen += found.index + found[0].length;
    return part.slice(0, found.index + found[0].length);
  }

  types(text: string): void {
    this.child.stdin!.write(text);
  }

  async ends(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  get everything(): string {
    return this.screen;
  }
}

const atTerminal = findProgram(['script']) ? describe : describe.skip; // `script` is in Debian's bsdutils, which is essential

atTerminal('at a terminal', () => {
  const room = new KeyRoom();
  let shares: string[];
  afterAll(() => room.remove());

  it('shows each custodian a share, clears the screen, and has it typed back before anything is sealed', async () => {
    const terminal = Terminal.of(room, ['create-kek', ...TWO, '--shares', '2', '--threshold', '2']);
    shares = [];
    for (const n of [1, 2]) {
      const shown = await terminal.shows(/Press Enter when it is written down[^:]*: /);
      expect(shown).toContain(`Custodian ${n} of 2, alone at the screen`);
      const share = /vks1-\S+/.exec(shown)![0];
      terminal.types('\r');
      await terminal.shows(/type your share back[^:]*: /);
      expect(existsSync(room.keyFile)).toBe(false);
      if (n === 1) {
        // A wrong one is shown again.
        terminal.types(`${share.slice(0, -1)}\r`);
        await terminal.shows(/Press Enter when it is written down[^:]*: /);
        terminal.types('\r');
        await terminal.shows(/type your share back[^:]*: /);
      }
      terminal.types(`${share}\r`);
      shares.push(share);
    }
    expect(await terminal.ends()).toBe(0);
    expect(terminal.everything).toContain('\x1b[2J');
    expect(existsSync(room.keyFile)).toBe(true);
    const { status } = await room.step('list', ['--kek', 'ask'], { secrets: asShares(...shares) });
    expect(status).toBe(0);
  });

  it('asks each person by name for a component and shows neither it nor its length', async () => {
    const key = '--sgc 201457 --krn 1 --kind VUDK --dkga 4 --base-date 2014 --ken 255'.split(' ');
    const terminal = Terminal.of(room, ['load-components', ...key, ...TWO]);
    await terminal.shows(/Custodian 1: your share[^:]*: /);
    terminal.types(`${shares[0]}\r`);
    await terminal.shows(/Custodian 2 of 2: your share[^:]*: /);
    terminal.types(`${shares[1]}\r`);
    await terminal.shows(/Rahima Khatun, component 1[^:]*: /);
    // A slip of the finger, taken back.
    terminal.types(`${COMPONENTS[0]}7\x7f\r`);
    await terminal.shows(/component 1: check value [0-9A-F]{6}/);
    await terminal.shows(/Selim Reza, component 2[^:]*: /);
    terminal.types(`${COMPONENTS[1]}\r`);
    await terminal.shows(/key 201457\/1: check value 8353EF/);
    for (const name of ['Rahima Khatun', 'Selim Reza']) {
      await terminal.shows(new RegExp(`${name}, the check value in your letter[^:]*: `));
      terminal.types('8353ef\r');
    }
    expect(await terminal.ends()).toBe(0);
    const screen = terminal.everything;
    for (const secret of [...shares, ...COMPONENTS]) expect(screen).not.toContain(secret.slice(0, 12));
    expect(screen).not.toMatch(/\*{4}/);
    expect(room.listed().keys).toMatchObject([{ kcv: '8353EF' }]);
  });

  it('changes nothing when somebody presses Ctrl-C', async () => {
    const before = room.listed();
    const terminal = Terminal.of(room, ['activate', '--sgc', '201457', '--krn', '1', '--by', 'Rahima Khatun']);
    await terminal.shows(/Custodian 1: your share[^:]*: /);
    terminal.types(shares[0]!.slice(0, 20));
    terminal.types('\x03');
    await terminal.shows(/interrupted; nothing was changed/);
    expect(await terminal.ends()).toBe(2);
    expect(room.listed()).toEqual(before);
  });
});
