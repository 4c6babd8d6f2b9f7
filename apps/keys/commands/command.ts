import type { Arguments } from '../arguments';
import type { Questions } from '../questions';

/** What a command works with. */
export interface Setting {
  readonly args: Arguments;
  readonly questions: Questions;
  /** Standard output: results, never a secret. */
  readonly print: (line: string) => void;
  /** Standard error: what is going on. */
  readonly say: (line: string) => void;
}

/** One command of `npm run keys`; answers the exit status when it is not 0. */
export type Command = (setting: Setting) => Promise<number | void>;
