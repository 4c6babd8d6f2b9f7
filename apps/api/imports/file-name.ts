const FILE_NAME_MAX = 120;

/** What the sender calls the file, for people to know it by; it is never a path here. */
export function fileNameOf(header: string | string[] | undefined, otherwise: string): string {
  let name: string;
  try {
    name = decodeURIComponent(String(header ?? ''));
  } catch {
    return otherwise;
  }
  const base = name
    .split(/[/\\]/)
    .at(-1)!
    .replace(/[\p{Cc}\p{Cf}]/gu, '');
  return base.slice(0, FILE_NAME_MAX) || otherwise;
}
