import { readCallerPolicy } from './caller-policy';
import type { CallerPolicy } from './caller-policy';

/** The list of callers in force; read again on SIGHUP, so that a caller can be shut out without a restart. */
export class CurrentPolicy {
  private policy: CallerPolicy;

  /** @throws {CallerPolicyError} */
  constructor(private readonly path: string | null) {
    this.policy = readCallerPolicy(path);
  }

  get current(): CallerPolicy {
    return this.policy;
  }

  /** @throws {CallerPolicyError} the old list stays in force */
  reload(): void {
    this.policy = readCallerPolicy(this.path);
  }
}
