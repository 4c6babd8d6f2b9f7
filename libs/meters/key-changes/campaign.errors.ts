import type { ErrorTable } from '@vend/kernel';

/** Refusals of the campaign command; the API only ever answers that there is no such campaign. */
export type CampaignErrorCode =
  | 'campaign-name-invalid'
  | 'campaign-ti-invalid'
  | 'campaign-key-unknown'
  | 'campaign-key-not-active'
  | 'campaign-key-expired'
  | 'campaign-kind-wrong'
  | 'campaign-not-found'
  | 'campaign-differs'
  | 'campaign-not-selected'
  | 'campaign-cancelled'
  | 'key-sets-wait';

const refusal = (en: string, bn: string, retryable = false) => ({ status: 422, en, bn, retryable });

/** Words of each. */
export const campaignErrors: ErrorTable<CampaignErrorCode> = {
  'campaign-name-invalid': refusal(
    'A campaign is named by 1 to 60 of a-z, 0-9, dot and hyphen.',
    'ক্যাম্পেইনের নাম a-z, 0-9, ডট ও হাইফেনের ১ থেকে ৬০ অক্ষরের হয়।',
  ),
  'campaign-ti-invalid': refusal('A tariff index has two digits.', 'ট্যারিফ ইনডেক্স দুই অঙ্কের হয়।'),
  'campaign-key-unknown': refusal(
    'The token server does not hold this vending key: load it first.',
    'টোকেন সার্ভারে এই ভেন্ডিং কী নেই: আগে কী লোড করুন।',
  ),
  'campaign-key-not-active': refusal(
    'Meters can only be moved to an active vending key (VUDK): activate it first.',
    'শুধু সক্রিয় ভেন্ডিং কী-তে (VUDK) মিটার নেওয়া যায়: আগে কী সক্রিয় করুন।',
  ),
  'campaign-key-expired': refusal(
    'The vending key to go to has expired itself.',
    'যে ভেন্ডিং কী-তে যাওয়ার কথা তার মেয়াদই শেষ।',
  ),
  'campaign-kind-wrong': refusal(
    'The two keys do not fit the kind of campaign: supply-group changes the SGC, key-revision the KRN of one SGC, base-date goes to a later base date.',
    'কী দুটি এই ধরনের ক্যাম্পেইনের সঙ্গে মেলে না।',
  ),
  'campaign-not-found': {
    ...refusal('There is no campaign of this name.', 'এই নামে কোনো ক্যাম্পেইন নেই।'),
    status: 404,
  },
  'campaign-differs': refusal(
    'A campaign of this name exists already and says something else: choose another name.',
    'এই নামে অন্য একটি ক্যাম্পেইন আছে: অন্য নাম দিন।',
  ),
  'campaign-not-selected': refusal(
    'The meters of this campaign are not all selected yet: run create again with the same order.',
    'এই ক্যাম্পেইনের সব মিটার এখনো বাছাই হয়নি: একই আদেশে create আবার চালান।',
  ),
  'campaign-cancelled': refusal('This campaign was cancelled.', 'এই ক্যাম্পেইন বাতিল করা হয়েছে।'),
  'key-sets-wait': refusal(
    'The token server cannot make sets right now: run make again later, it goes on where it stopped.',
    'টোকেন সার্ভার এখন সেট বানাতে পারছে না: পরে make আবার চালান, যেখানে থেমেছিল সেখান থেকে চলবে।',
    true,
  ),
};
