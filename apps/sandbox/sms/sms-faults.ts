import { z } from 'zod';

export const SMS_FAULT_MODES = ['none', 'down', 'html', 'timeout-after-accept', 'throttle', 'partial', 'slow'] as const;
export type SmsFaultMode = (typeof SMS_FAULT_MODES)[number];

export const smsFaultSetting = z.strictObject({
  mode: z.enum(SMS_FAULT_MODES),
  /** Which part of the calls (in `partial`: of the messages) is hit, 0 to 1. */
  rate: z.number().min(0).max(1).default(1),
  /** How long `slow` takes to answer. */
  delayMs: z.number().int().min(1).max(120_000).default(2000),
});
export type SmsFaultSetting = Readonly<z.output<typeof smsFaultSetting>>;

/** What the gateway plays at the moment; a new sandbox plays a healthy one. */
export class SmsFaults {
  private setting: SmsFaultSetting = { mode: 'none', rate: 1, delayMs: 2000 };
  private due = 0;

  get current(): SmsFaultSetting {
    return this.setting;
  }

  set(setting: SmsFaultSetting): void {
    this.setting = setting;
    this.due = 0;
  }

  /** True for exactly the wanted part of the askings, evenly spread: a test knows which ones. */
  hits(): boolean {
    this.due += this.setting.rate;
    // The sum of many tenths stays a hair below one.
    if (this.due < 1 - 1e-9) return false;
    this.due -= 1;
    return true;
  }

  /** The fault that this call meets. `partial` hits messages, never a call. */
  ofCall(): SmsFaultMode {
    const { mode } = this.setting;
    return mode === 'none' || mode === 'partial' || this.hits() ? mode : 'none';
  }
}
