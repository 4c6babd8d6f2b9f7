import type { ComponentType } from 'react';
import { texts, type Text } from '../shared/words';
import type { OfficePageProps } from './office-page-props';

/** Headings of the navigation, in their order. */
export const OFFICE_GROUPS = texts({
  customers: { bn: 'গ্রাহক ও মিটার', en: 'Customers and meters' },
  money: { bn: 'টাকা', en: 'Money' },
  supervision: { bn: 'তদারকি', en: 'Supervision' },
  tariffs: { bn: 'ট্যারিফ', en: 'Tariffs' },
  keys: { bn: 'কী', en: 'Keys' },
});

/** A page of the office. */
export interface OfficePage {
  /** Below /office/, one segment. */
  readonly path: string;
  readonly group: keyof typeof OFFICE_GROUPS;
  readonly title: Text;
  /** Of libs/identity/permissions.ts: who lacks it does not see the page, and its scripts are not loaded. */
  readonly permission: string;
  readonly load: () => Promise<{ readonly default: ComponentType<OfficePageProps> }>;
}

/**
 * Every page of the office: a new one is a row here. The navigation shows whatever the person may do, in this order; a
 * test logs in with each role and compares.
 */
export const OFFICE_PAGES: readonly OfficePage[] = [
  {
    path: 'meters',
    group: 'customers',
    title: { bn: 'মিটার', en: 'Meters' },
    permission: 'meter.find',
    load: () => import('./meters/meters-page'),
  },
  {
    path: 'customers',
    group: 'customers',
    title: { bn: 'গ্রাহক', en: 'Customers' },
    permission: 'customer.read',
    load: () => import('./customers/customers-page'),
  },
  {
    path: 'install',
    group: 'customers',
    title: { bn: 'নতুন মিটার বসানো', en: 'Install a meter' },
    permission: 'meter.install',
    load: () => import('./work/install-page'),
  },
  {
    path: 'orders',
    group: 'customers',
    title: { bn: 'আমার চাওয়া কাজ', en: 'Work I asked for' },
    permission: 'approval.read',
    load: () => import('./work/orders-page'),
  },
  {
    path: 'shift',
    group: 'money',
    title: { bn: 'আমার শিফট', en: 'My shift' },
    permission: 'shift.work',
    load: () => import('./cash/shift-page'),
  },
  {
    path: 'shifts',
    group: 'money',
    title: { bn: 'শিফটের তালিকা', en: 'Shifts' },
    permission: 'shift.read',
    load: () => import('./cash/shifts-page'),
  },
  {
    path: 'station-day',
    group: 'money',
    title: { bn: 'কেন্দ্রের দিন', en: "Station's day" },
    permission: 'station-day.read',
    load: () => import('./cash/station-day-page'),
  },
  {
    path: 'bank-deposits',
    group: 'money',
    title: { bn: 'ব্যাংকে জমা', en: 'Bank deposits' },
    permission: 'bank-deposit.read',
    load: () => import('./cash/deposits-page'),
  },
  {
    path: 'own-float',
    group: 'money',
    title: { bn: 'আমাদের জমা', en: 'Our float' },
    permission: 'float.read-own',
    load: () => import('./cash/float-page'),
  },
  {
    path: 'vendor-floats',
    group: 'money',
    title: { bn: 'ভেন্ডরদের জমা', en: 'Vendor floats' },
    permission: 'float.read',
    load: () => import('./cash/vendor-floats-page'),
  },
  {
    path: 'station-terms',
    group: 'money',
    title: { bn: 'কেন্দ্র কীভাবে বিক্রি করে', en: 'How stations sell' },
    permission: 'station-terms.read',
    load: () => import('./cash/station-terms-page'),
  },
  {
    path: 'imports',
    group: 'customers',
    title: { bn: 'গ্রাহক ও মিটার আমদানি', en: 'Import of customers and meters' },
    permission: 'import.read',
    load: () => import('./imports/imports-page'),
  },
  {
    path: 'tariffs',
    group: 'tariffs',
    title: { bn: 'ট্যারিফ', en: 'Tariffs' },
    permission: 'tariff.read',
    load: () => import('./tariffs/tariffs-page'),
  },
  {
    path: 'calculator',
    group: 'tariffs',
    title: { bn: 'দামের হিসাব', en: 'Price calculator' },
    permission: 'tariff.read',
    load: () => import('./tariffs/calculator-page'),
  },
  {
    path: 'keys',
    group: 'keys',
    title: { bn: 'ভেন্ডিং কী', en: 'Vending keys' },
    permission: 'key.read',
    load: () => import('./keys/keys-page'),
  },
  {
    path: 'campaigns',
    group: 'keys',
    title: { bn: 'কী বদলের ক্যাম্পেইন', en: 'Key-change campaigns' },
    permission: 'campaign.read',
    load: () => import('./keys/campaigns-page'),
  },
  {
    path: 'dashboard',
    group: 'supervision',
    title: { bn: 'আজকের অবস্থা', en: 'Today' },
    permission: 'dashboard.read',
    load: () => import('./supervision/dashboard-page'),
  },
  {
    path: 'approvals',
    group: 'supervision',
    title: { bn: 'অনুমোদন', en: 'Approvals' },
    permission: 'approval.decide',
    load: () => import('./supervision/approvals-page'),
  },
  {
    path: 'reviews',
    group: 'supervision',
    title: { bn: 'অস্বাভাবিক ঘটনা', en: 'Review list' },
    permission: 'review.read',
    load: () => import('./supervision/reviews-page'),
  },
  {
    path: 'messages',
    group: 'supervision',
    title: { bn: 'এসএমএস', en: 'SMS' },
    permission: 'message.read',
    load: () => import('./supervision/messages-page'),
  },
  {
    path: 'loads',
    group: 'supervision',
    title: { bn: 'মিটারে পাঠানো', en: 'Loads into meters' },
    permission: 'remote-load.read',
    load: () => import('./supervision/loads-page'),
  },
  {
    path: 'trace',
    group: 'customers',
    title: { bn: 'সন্ধান', en: 'Trace' },
    permission: 'trace.read',
    load: () => import('./supervision/trace-page'),
  },
  {
    path: 'cases',
    group: 'customers',
    title: { bn: 'অভিযোগ', en: 'Cases' },
    permission: 'case.read',
    load: () => import('./supervision/cases-page'),
  },
];
