import type { Bilingual } from '@vend/receipts';

/** What a message is to its reader, the most urgent first: each class has its own queue, rate and share. */
export type MessageClass = 'token' | 'pending' | 'one-time-code' | 'reminder' | 'notice';

/** What the texts of a code must and may hold. */
interface TemplateRule {
  readonly class: MessageClass;
  /** What it is for, as an officer reads it. */
  readonly title: Bilingual;
  /** Placeholders without which the message fails its purpose. With `tokens` among them the text opens with it. */
  readonly required: readonly string[];
  /** Placeholders that a text may use, inside [ ] where they may be missing. */
  readonly optional: readonly string[];
  /** True: sent only to those who did not opt out. */
  readonly optOut: boolean;
}

const RECEIPT = { required: ['tokens', 'bought', 'charges', 'months', 'receipt'] } as const;
const RECEIPT_MORE = ['test', 'loads', 'arrears', 'carried', 'meter', 'link'] as const;

const TABLE = {
  receipt: {
    class: 'token',
    title: { en: 'Receipt with tokens', bn: 'টোকেনসহ রসিদ' },
    required: RECEIPT.required,
    optional: RECEIPT_MORE,
    optOut: false,
  },
  resend: {
    class: 'token',
    title: { en: 'Receipt sent again', bn: 'রসিদ আবার পাঠানো' },
    required: [...RECEIPT.required, 'copy'],
    optional: RECEIPT_MORE,
    optOut: false,
  },
  pending: {
    class: 'pending',
    title: { en: 'Money is here, the token follows', bn: 'টাকা পাওয়া গেছে, টোকেন আসছে' },
    required: ['amount', 'meter'],
    optional: ['reference'],
    optOut: false,
  },
  'one-time-code': {
    class: 'one-time-code',
    title: { en: 'One-time code', bn: 'এককালীন কোড' },
    required: ['code', 'minutes'],
    optional: [],
    optOut: false,
  },
  'idle-month': {
    class: 'reminder',
    title: { en: 'A month without a recharge', bn: 'রিচার্জহীন মাস' },
    required: ['meter', 'month'],
    optional: ['last'],
    optOut: true,
  },
  refund: {
    class: 'notice',
    title: { en: 'Money given back', bn: 'টাকা ফেরত' },
    required: ['amount', 'meter'],
    optional: ['reference'],
    optOut: false,
  },
  'key-change': {
    class: 'notice',
    title: { en: 'A key change is coming', bn: 'মিটারের কী পরিবর্তন আসছে' },
    required: ['meter', 'tokens-count'],
    optional: [],
    optOut: false,
  },
  'arrears-bill': {
    class: 'notice',
    title: { en: 'Bill of arrears', bn: 'বকেয়ার বিল' },
    required: ['amount', 'meter'],
    optional: ['due'],
    optOut: false,
  },
  'case-opened': {
    class: 'notice',
    title: { en: 'Complaint registered', bn: 'অভিযোগ নেওয়া হয়েছে' },
    required: ['number', 'kind', 'due'],
    optional: [],
    optOut: false,
  },
  'case-closed': {
    class: 'notice',
    title: { en: 'Complaint closed', bn: 'অভিযোগ নিষ্পত্তি' },
    required: ['number', 'outcome'],
    optional: ['days'],
    optOut: false,
  },
  notice: {
    class: 'notice',
    title: { en: 'Notice to many', bn: 'সাধারণ বিজ্ঞপ্তি' },
    required: ['text'],
    optional: [],
    optOut: true,
  },
  'answer-balance': {
    class: 'pending',
    title: { en: 'Answer to BAL', bn: 'BAL-এর উত্তর' },
    required: ['meter'],
    optional: ['units', 'energy', 'price', 'arrears', 'amount', 'day'],
    optOut: false,
  },
  'answer-token': {
    class: 'token',
    title: { en: 'Answer to TOK', bn: 'TOK-এর উত্তর' },
    required: ['tokens', 'meter', 'day'],
    optional: ['amount'],
    optOut: false,
  },
  'answer-use': {
    class: 'pending',
    title: { en: 'Answer to USE', bn: 'USE-এর উত্তর' },
    required: [],
    optional: ['meter', 'day', 'count'],
    optOut: false,
  },
  'answer-help': {
    class: 'pending',
    title: { en: 'Answer to HELP', bn: 'HELP-এর উত্তর' },
    required: [],
    optional: [],
    optOut: false,
  },
  'answer-no-token': {
    class: 'pending',
    title: { en: 'Answer to TOK when there is none', bn: 'টোকেন না থাকলে TOK-এর উত্তর' },
    required: ['meter'],
    optional: [],
    optOut: false,
  },
  'answer-which': {
    class: 'pending',
    title: { en: 'Answer to a phone with several meters', bn: 'একাধিক মিটারের ফোনের উত্তর' },
    required: ['meters', 'word', 'example'],
    optional: [],
    optOut: false,
  },
  'answer-stop': {
    class: 'pending',
    title: { en: 'Answer to STOP', bn: 'STOP-এর উত্তর' },
    required: [],
    optional: [],
    optOut: false,
  },
  'answer-start': {
    class: 'pending',
    title: { en: 'Answer to START', bn: 'START-এর উত্তর' },
    required: [],
    optional: [],
    optOut: false,
  },
  'answer-neutral': {
    class: 'pending',
    title: { en: 'Answer to a phone we do not know', bn: 'অচেনা নম্বরের উত্তর' },
    required: [],
    optional: [],
    optOut: false,
  },
} as const satisfies Readonly<Record<string, TemplateRule>>;

/** What a message is: its template's name. */
export type TemplateCode = keyof typeof TABLE;

/**
 * Every message that goes out, what its texts must hold, and how urgent it is.
 *
 * @example TEMPLATES['one-time-code'].required // ['code', 'minutes']
 */
export const TEMPLATES: Readonly<Record<TemplateCode, TemplateRule>> = TABLE;
export const TEMPLATE_CODES = Object.keys(TABLE) as readonly TemplateCode[];

/** The class of each template. @example TEMPLATE_CLASS['answer-token'] // 'token' */
export const TEMPLATE_CLASS = Object.fromEntries(
  TEMPLATE_CODES.map((code) => [code, TEMPLATES[code].class]),
) as Readonly<Record<TemplateCode, MessageClass>>;
