/* Proves how much of a customer's name a stranger with a phone may see, with worked examples. */
import { truncatedName } from './truncated-name';

it.each([
  ['Abdul Karim', 'A*** K***'],
  ['  Abdul   Karim ', 'A*** K***'],
  ['Md. A Rahman', 'M*** A*** R***'],
  ['A', 'A***'],
  ['', ''],
  ['রহিমা খাতুন', 'র*** খা***'],
  ['মোঃ কামাল', 'মোঃ*** কা***'],
  ['শ্রী কৃষ্ণ', 'শ্রী*** কৃ***'],
  ['E\u0301lodie', 'É***'],
  ['👩‍👩‍👧 x', '👩‍👩‍👧*** x***'],
])('%j is shown as %j', (name, shown) => {
  expect(truncatedName(name)).toBe(shown);
});
