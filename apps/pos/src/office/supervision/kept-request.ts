/** A request that waits for a second person, to be sent again just as it was: the server knows it by its key. */
export interface KeptRequest {
  readonly key: string;
  readonly way: 'apply' | 'refund';
  readonly body: Readonly<Record<string, string>>;
  readonly approvalId: string;
}

const nameOf = (username: string, caseNo: string) => `vend.request.${username}.${caseNo}`;

/**
 * Requests about the money of cases, kept in this browser until they are carried out or dropped. They hold no token, name
 * or phone number, and are each person's own.
 */
export const keptRequests = {
  read(username: string, caseNo: string): KeptRequest | undefined {
    const text = localStorage.getItem(nameOf(username, caseNo));
    return text === null ? undefined : (JSON.parse(text) as KeptRequest);
  },
  keep(username: string, caseNo: string, request: KeptRequest): void {
    localStorage.setItem(nameOf(username, caseNo), JSON.stringify(request));
  },
  drop(username: string, caseNo: string): void {
    localStorage.removeItem(nameOf(username, caseNo));
  },
};
