import { texts } from './words';

/** What both pages say. */
export const SHARED_WORDS = texts({
  noConnection: { bn: 'সংযোগ নেই। কিছু পাঠানো হয়নি।', en: 'No connection. Nothing was sent.' },
});
