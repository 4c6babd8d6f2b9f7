import type { Problem } from '../../shared/answers';
import { callApi } from '../../shared/api';

/** Content types of the files that are taken, by the end of their name. */
const KINDS: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The content type of a file; undefined: it is not taken. @example kindOf('natore.XLSX') // 'application/vnd…' */
export function kindOf(fileName: string): string | undefined {
  return KINDS[fileName.toLowerCase().split('.').pop() ?? ''];
}

/** What became of sending. */
export type Sent =
  { readonly kind: 'taken' } | { readonly kind: 'lost' } | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Sends a file under a key that was made before; the same key again is the same import, whatever became of the first.
 *
 * @param onShare told how much has left this machine, 0 to 100
 */
export async function sendImport(file: File, key: string, onShare: (percent: number) => void): Promise<Sent> {
  // A file is sent once: a session that is nearly over is renewed before, not in the middle.
  await callApi({ path: '/v1/page-sessions' });
  return new Promise((resolve) => {
    // fetch tells nothing of an upload's progress.
    const request = new XMLHttpRequest();
    request.open('POST', '/v1/imports');
    const headers = {
      ...{ 'x-vend-page': '1', 'content-type': kindOf(file.name)!, 'idempotency-key': key },
      'x-file-name': encodeURIComponent(file.name),
    };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onShare((100 * loaded) / total);
    request.onerror = () => resolve({ kind: 'lost' });
    request.onload = () => resolve(sentOf(request));
    request.send(file);
  });
}

function sentOf({ status, responseText }: XMLHttpRequest): Sent {
  if (status < 300) return { kind: 'taken' };
  try {
    const problem = JSON.parse(responseText) as Problem;
    return 'titleBn' in problem ? { kind: 'refused', problem } : { kind: 'lost' };
  } catch {
    return { kind: 'lost' };
  }
}

/** Fetches the refused rows and hands them to the browser as a file. @returns false when they did not come */
export async function takeReport(id: string, fileName: string): Promise<boolean> {
  await callApi({ path: '/v1/page-sessions' });
  try {
    const answer = await fetch(`/v1/imports/${id}/report`, { headers: { 'x-vend-page': '1' }, cache: 'no-store' });
    if (!answer.ok) return false;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `faults-${fileName.replace(/\.[^.]*$/, '')}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
    return true;
  } catch {
    return false;
  }
}
