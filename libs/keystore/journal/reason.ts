/** What the operating system calls an error, for a log: its name and never its sentence, which may hold a path. */
export function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
}
