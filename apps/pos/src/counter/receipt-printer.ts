/** Web Serial, as far as a printer needs it: browsers have it, TypeScript's list of what they have does not. */
interface SerialPort {
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { readonly baudRate: number }): Promise<void>;
  close(): Promise<void>;
}
interface Serial {
  getPorts(): Promise<readonly SerialPort[]>;
  requestPort(): Promise<SerialPort>;
}

/** What receipt printers are set to when they leave the factory; over USB and Bluetooth it does not matter. */
const BAUD_RATE = 9_600;

/**
 * The receipt printer of this till: the one that was chosen before, else the clerk chooses. To be called at once when a key
 * is pressed: later the browser does not ask.
 *
 * @returns undefined where the browser knows no ports, or none was chosen: the receipt is then a file
 */
export async function choosePrinter(): Promise<SerialPort | undefined> {
  const { serial } = navigator as { readonly serial?: Serial };
  if (!serial) return undefined;
  const [known] = await serial.getPorts();
  return known ?? serial.requestPort().catch(() => undefined);
}

/** Sends a file to a printer. @throws {Error} when the printer is not there */
export async function printOn(port: SerialPort, file: Blob): Promise<void> {
  await port.open({ baudRate: BAUD_RATE });
  try {
    await file.stream().pipeTo(port.writable!, { preventClose: false });
  } finally {
    await port.close();
  }
}

/** Hands a file to whoever sits here, as a download. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken it by the next turn.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
