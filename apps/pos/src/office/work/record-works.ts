import type { Text } from '../../shared/words';
import { ofMeter, why } from './fields';
import type { Work, WorkField } from './work';

const option = (value: string, bn: string, en: string) => ({ value, label: { bn, en } });
const LANGUAGES = [option('bn', 'বাংলা', 'Bangla'), option('en', 'ইংরেজি', 'English')];
const PHONE: Text = { bn: 'মোবাইল নম্বর', en: 'Mobile number' };
const CLASSES = [
  ...['LT-A', 'LT-B', 'LT-C1', 'LT-C2', 'LT-D1', 'LT-D2', 'LT-D3', 'LT-E', 'LT-T'],
  ...['MT-1', 'MT-2', 'MT-3', 'MT-4', 'MT-5', 'MT-6', 'MT-7', 'MT-8'],
].map((name) => option(name, name, name));
const tariffClass: WorkField = {
  ...{ name: 'tariffClass', kind: 'choice', options: CLASSES },
  label: { bn: 'ট্যারিফ শ্রেণি', en: 'Tariff class' },
};
const sanctionedKw: WorkField = {
  ...{ name: 'sanctionedKw', kind: 'decimal' },
  label: { bn: 'অনুমোদিত লোড, kW', en: 'Sanctioned load, kW' },
};

/** A meter as its nameplate and key card say. */
const NAMEPLATE: readonly WorkField[] = [
  { name: 'meterNo', kind: 'code', label: { bn: 'নতুন মিটারের নম্বর', en: 'Number of the new meter' } },
  {
    ...{ name: 'owner', kind: 'choice', label: { bn: 'মিটার কার', en: 'Whose meter' } },
    options: [option('utility', 'বিদ্যুৎ কোম্পানির', "The utility's"), option('customer', 'গ্রাহকের', "The customer's")],
  },
  {
    ...{ name: 'crediting', kind: 'choice', label: { bn: 'মিটার কী গোনে', en: 'What it counts' } },
    options: [option('energy', 'ইউনিট (kWh)', 'Units (kWh)'), option('currency', 'টাকা', 'Taka')],
  },
  {
    ...{ name: 'ea', kind: 'choice', label: { bn: 'অ্যালগরিদম (EA)', en: 'Algorithm (EA)' } },
    options: [option('07', '০৭ (STA)', '07 (STA)'), option('11', '১১ (MISTY1)', '11 (MISTY1)')],
  },
  { name: 'sgc', kind: 'code', label: { bn: 'সাপ্লাই গ্রুপ কোড (SGC)', en: 'Supply group code (SGC)' } },
  { name: 'krn', kind: 'count', initially: '1', label: { bn: 'কী সংস্করণ (KRN)', en: 'Key revision (KRN)' } },
  { name: 'ti', kind: 'code', initially: '01', label: { bn: 'ট্যারিফ সূচক (TI)', en: 'Tariff index (TI)' } },
  { name: 'kt', kind: 'count', initially: '2', label: { bn: 'কী-এর ধরন (KT)', en: 'Key type (KT)' } },
  { name: 'ken', kind: 'count', initially: '255', label: { bn: 'কী মেয়াদ (KEN)', en: 'Key expiry (KEN)' } },
  {
    ...{ name: 'baseDate', kind: 'choice', asNumber: true, label: { bn: 'ভিত্তি বছর', en: 'Base date' } },
    options: [option('2014', '২০১৪', '2014'), option('1993', '১৯৯৩', '1993'), option('2035', '২০৩৫', '2035')],
  },
  { name: 'model', kind: 'line', optional: true, label: { bn: 'মডেল', en: 'Model' } },
];

/** What becomes of a connection and its meter. */
export const CONNECTION_WORKS: readonly Work[] = [
  {
    name: 'disconnect',
    title: { bn: 'সংযোগ বিচ্ছিন্ন', en: 'Disconnect' },
    about: { bn: 'এখন থেকে কিছু বিক্রি হবে না।', en: 'Nothing is sold to it from now on.' },
    permission: 'connection.disconnect',
    fields: [why()],
    path: ofMeter('disconnect'),
    once: true,
  },
  {
    name: 'reconnect',
    title: { bn: 'পুনঃসংযোগ', en: 'Reconnect' },
    about: {
      bn: 'আবার বিক্রি করা যাবে। পুনঃসংযোগ ফি থাকলে আলাদা নিন।',
      en: 'It can be sold to again. Take a reconnection fee, if due, by itself.',
    },
    permission: 'connection.disconnect',
    fields: [why()],
    path: ofMeter('reconnect'),
    once: true,
  },
  {
    name: 'terms',
    title: { bn: 'লোড বা শ্রেণি বদল', en: 'Change load or class' },
    about: { bn: 'দেওয়া তারিখ থেকে কার্যকর।', en: 'In force from the day given.' },
    permission: 'connection.change',
    fields: [
      tariffClass,
      sanctionedKw,
      { name: 'from', kind: 'day', label: { bn: 'যেদিন থেকে', en: 'First day' } },
      why(),
    ],
    path: ofMeter('terms'),
    once: true,
  },
  {
    name: 'replace-meter',
    title: { bn: 'মিটার বদল', en: 'Replace the meter' },
    about: {
      bn: 'হিসাব, বকেয়া ও মাস নতুন মিটারে যায়; পুরোনোটি বন্ধ হয়। মিটারে থাকা জমা আনতে পরে রিপ্লেসমেন্ট টোকেন দিন।',
      en: 'Account, arrears and months go over; the old meter is closed. Credit inside it is carried by a replacement token.',
    },
    permission: 'meter.replace',
    fields: [
      ...NAMEPLATE,
      {
        ...{ name: 'phase', kind: 'choice', asNumber: true, label: { bn: 'ফেজ', en: 'Phases' } },
        options: [option('1', 'এক ফেজ', 'One'), option('3', 'তিন ফেজ', 'Three')],
      },
      {
        ...{ name: 'oldReading', kind: 'decimal', optional: true },
        label: { bn: 'পুরোনো মিটারে দেখা জমা', en: 'Credit that the old meter showed' },
      },
      why(),
    ],
    path: ofMeter('replacement'),
    once: true,
  },
  {
    name: 'head-end',
    title: { bn: 'দূর থেকে লোডের হেড-এন্ড', en: 'Head-end for remote loading' },
    about: {
      bn: 'পরের টোকেন থেকে দূর থেকেও লোড হবে; খালি রাখলে শুধু হাতে টাইপ।',
      en: 'From the next token on it is loaded over the air too; left empty: typed only.',
    },
    permission: 'meter.install',
    fields: [
      {
        name: 'headEnd',
        kind: 'line',
        optional: true,
        unsent: true,
        label: { bn: 'হেড-এন্ডের কোড', en: 'Code of the head-end' },
      },
    ],
    also: ({ headEnd }) => ({ headEnd: headEnd?.trim() || null }),
    path: ofMeter('head-end'),
    once: false,
  },
  {
    name: 'add-person',
    title: { bn: 'মালিক, ভাড়াটে বা পরিশোধকারী যোগ', en: 'Note an owner, tenant or payer' },
    about: { bn: 'চাইলে তিনিও রসিদের এসএমএস পাবেন।', en: 'Receipts by SMS go to them too, if wanted.' },
    permission: 'customer.change',
    fields: [
      {
        ...{ name: 'role', kind: 'choice', label: { bn: 'সম্পর্ক', en: 'What they are' } },
        options: [
          option('owner', 'মালিক', 'Owner'),
          option('tenant', 'ভাড়াটে', 'Tenant'),
          option('payer', 'পরিশোধকারী', 'Payer'),
        ],
      },
      { name: 'name', kind: 'line', label: { bn: 'নাম', en: 'Name' } },
      { name: 'mobile', kind: 'phone', label: PHONE },
      { name: 'language', kind: 'choice', options: LANGUAGES, label: { bn: 'ভাষা', en: 'Language' } },
      { name: 'receivesSms', kind: 'yes-no', label: { bn: 'রসিদের কপি পাবেন?', en: 'Gets copies of receipts?' } },
      why(),
    ],
    path: ofMeter('people'),
    once: true,
    personal: true,
  },
];

/** A new supply: the customer, the connection and the meter at once. */
export const INSTALL_WORK: Work = {
  name: 'install',
  title: { bn: 'নতুন মিটার বসানো', en: 'Install a meter' },
  about: {
    bn: 'নতুন গ্রাহক ও সংযোগ, বা পুরোনো গ্রাহকের নতুন সংযোগ। এই মাস থেকে চার্জ ধরা হবে।',
    en: 'A new customer and connection, or a new connection of one on record. Charges are owed from this month on.',
  },
  permission: 'meter.install',
  fields: [
    { name: 'customerNo', kind: 'code', label: { bn: 'গ্রাহক নম্বর', en: 'Customer number' } },
    {
      ...{ name: 'customer', kind: 'choice', unsent: true, label: { bn: 'গ্রাহক', en: 'Customer' } },
      options: [option('new', 'নতুন গ্রাহক', 'New'), option('known', 'আগে থেকে আছেন', 'On record')],
    },
    ...(
      [
        { name: 'name', kind: 'line', label: { bn: 'নাম', en: 'Name' } },
        { name: 'mobile', kind: 'phone', optional: true, label: PHONE },
        { name: 'address', kind: 'line', label: { bn: 'ঠিকানা', en: 'Address' } },
        { name: 'office', kind: 'line', label: { bn: 'অফিস', en: 'Office' } },
        {
          name: 'language',
          kind: 'choice',
          options: LANGUAGES,
          label: { bn: 'রসিদের ভাষা', en: 'Language of receipts' },
        },
      ] as const
    ).map((field): WorkField => ({ ...field, when: ({ customer }) => customer !== 'known' })),
    ...NAMEPLATE,
    tariffClass,
    {
      ...{ name: 'phases', kind: 'choice', label: { bn: 'ফেজ', en: 'Phases' } },
      options: [option('1', 'এক ফেজ', 'One'), option('3', 'তিন ফেজ', 'Three')],
    },
    sanctionedKw,
    why(),
  ],
  path: () => '/v1/meters',
  once: true,
  personal: true,
};

/** What becomes of a customer. */
export const CUSTOMER_WORKS: readonly Work[] = [
  {
    name: 'change-customer',
    title: { bn: 'নাম, মোবাইল বা ঠিকানা বদল', en: 'Change name, mobile number or address' },
    about: { bn: 'যা খালি রাখবেন তা আগের মতো থাকবে।', en: 'What is left empty stays as it is.' },
    permission: 'customer.change',
    fields: [
      { name: 'name', kind: 'line', optional: true, label: { bn: 'নাম', en: 'Name' } },
      { name: 'mobile', kind: 'phone', optional: true, label: PHONE },
      { name: 'address', kind: 'line', optional: true, label: { bn: 'ঠিকানা', en: 'Address' } },
      {
        name: 'language',
        kind: 'choice',
        options: LANGUAGES,
        optional: true,
        label: { bn: 'রসিদের ভাষা', en: 'Language of receipts' },
      },
      why(),
    ],
    path: ({ about }) => `/v1/customers/${about}`,
    method: 'PATCH',
    once: false,
    personal: true,
  },
  {
    name: 'customer-notices',
    title: { bn: 'নোটিশ চালু বা বন্ধ', en: 'Notices on or off' },
    about: { bn: 'রসিদ, টোকেন ও কোড সব সময় যায়।', en: 'Receipts, tokens and codes always go.' },
    permission: 'customer.choose-notices',
    fields: [{ name: 'wanted', kind: 'yes-no', label: { bn: 'নোটিশ চান?', en: 'Wants notices?' } }, why()],
    path: ({ about }) => `/v1/customers/${about}/notices`,
    method: 'PATCH',
    once: false,
  },
  {
    name: 'close-account',
    title: { bn: 'হিসাব বন্ধ', en: 'Close the account' },
    about: {
      bn: 'সব সংযোগ ও মিটার বন্ধ হয়। দেনা-পাওনা থাকলে হবে না। জের গ্রাহকের হাতে দিতে হবে।',
      en: 'All connections and meters are closed; refused while anything is owed. What was carried is handed out.',
    },
    permission: 'customer.close',
    fields: [why()],
    path: ({ about }) => `/v1/customers/${about}/close`,
    once: true,
  },
];
