import { linesOf, PromptInterrupted, promptHidden, readSecretLines } from '@vend/keystore';
import { UsageError } from './usage';

/** Where secrets come from: people at the terminal, or a script. */
export interface Questions {
  /**
   * @param name what a script calls the answer
   * @param sentence what a person is asked
   * @returns the caller fills it with zeros
   */
  secret(name: string, sentence: string): Promise<Buffer>;
  /** True when people are asked, who can also be shown something. */
  readonly atTerminal: boolean;
}

/** At the terminal, without echo; or from the lines of a descriptor. */
export function questionsFrom(secretsFd: string | undefined): Questions {
  if (secretsFd === undefined) return { atTerminal: true, secret: (_name, sentence) => asked(sentence) };
  if (!/^\d{1,4}$/.test(secretsFd)) throw new UsageError('--secrets-fd is not a descriptor');
  let lines: Buffer[] | undefined;
  let next = 0;
  return {
    atTerminal: false,
    secret: async (name) => {
      // When the first one is needed: a script need not open a descriptor for nothing.
      lines ??= linesOf(readSecretLines(`fd:${secretsFd}`));
      const line = lines[next++];
      const end = line?.indexOf(0x20) ?? -1;
      // The name asked for, never the line that came: it holds a secret.
      if (!line || end < 0 || line.toString('latin1', 0, end) !== name) {
        throw new UsageError(`the script's answer ${next} is not "${name} <secret>"`);
      }
      const secret = Buffer.from(line.subarray(end + 1));
      line.fill(0);
      return secret;
    },
  };
}

async function asked(sentence: string): Promise<Buffer> {
  try {
    return await promptHidden(`${sentence} (not shown): `);
  } catch (error) {
    if (error instanceof PromptInterrupted) throw new UsageError('interrupted; nothing was changed');
    throw new UsageError('there is no terminal to ask at: give --secrets-fd');
  }
}
