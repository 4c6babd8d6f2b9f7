import { texts } from '../../shared/words';
import type { Import } from './import-answers';

export const IMPORT_WORDS = texts({
  file: { bn: 'CSV বা XLSX ফাইল', en: 'CSV or XLSX file' },
  choose: { bn: 'ফাইল বেছে নিন', en: 'Choose a file' },
  send: { bn: 'পাঠান', en: 'Send' },
  onlyTables: { bn: 'শুধু CSV বা XLSX ফাইল।', en: 'CSV or XLSX only.' },
  sending: { bn: 'ফাইল পাঠানো হচ্ছে', en: 'Sending the file' },
  lost: {
    bn: 'সংযোগ নেই; একই ফাইল একই আমদানি হিসেবে আবার পাঠানো হচ্ছে।',
    en: 'No connection; the same file is sent again as the same import.',
  },
  earlier: { bn: 'আগের আমদানি', en: 'Imports so far' },
  by: { bn: 'কে, কখন', en: 'By, at' },
  state: { bn: 'অবস্থা', en: 'State' },
  rows: { bn: 'সারি', en: 'Rows' },
  inserted: { bn: 'নতুন', en: 'New' },
  updated: { bn: 'বদলেছে', en: 'Changed' },
  unchanged: { bn: 'আগের মতো', en: 'As before' },
  rejected: { bn: 'বাতিল সারি', en: 'Refused rows' },
  rate: { bn: 'প্রতি সেকেন্ডে সারি', en: 'Rows a second' },
  left: { bn: 'বাকি সময়', en: 'Time left' },
  leftIs: { bn: '{minutes} মিনিট {seconds} সেকেন্ড', en: '{minutes} min {seconds} s' },
  progress: { bn: 'অগ্রগতি', en: 'Progress' },
  report: { bn: 'বাতিল সারির তালিকা নিন', en: 'Download the refused rows' },
  reportWhy: {
    bn: 'প্রতিটি সারির লাইন, কারণ ও সারিটি থাকে। ওখানেই ঠিক করে একই ফাইল নতুন আমদানি হিসেবে পাঠান। নেওয়াটা নিরীক্ষা খাতায় থাকে।',
    en: 'Each row with its line, its reason and itself. Mend them there and send the file as a new import. Taking it is on record.',
  },
  toList: { bn: 'তালিকায় ফিরুন', en: 'Back to the list' },
});

export const IMPORT_STATE_WORDS = texts<Import['state']>({
  QUEUED: { bn: 'অপেক্ষায়', en: 'waiting' },
  RUNNING: { bn: 'সারি নেওয়া হচ্ছে', en: 'taking rows in' },
  DONE: { bn: 'শেষ', en: 'done' },
  FAILED: { bn: 'হয়নি', en: 'failed' },
});
