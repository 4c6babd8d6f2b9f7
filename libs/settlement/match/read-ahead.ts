/**
 * Goes through pages, and has the next one read while one is worked on: two are in memory, and neither the database nor
 * this process waits for the other.
 *
 * @param next the page after another, or the first one; undefined: there is no more
 * @example for await (const page of readAhead((before) => pageAfter(before?.at(-1)))) …
 */
export async function* readAhead<Page>(next: (before?: Page) => Promise<Page | undefined>): AsyncGenerator<Page> {
  let coming = next();
  for (;;) {
    const page = await coming;
    if (page === undefined) return;
    coming = next(page);
    // Seen when it is its turn; until then it is nobody's unhandled rejection.
    coming.catch(() => undefined);
    yield page;
  }
}
