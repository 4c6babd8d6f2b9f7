/**
 * What bKash's codes mean for us (CHANNELS.md, 2).
 *
 * - `payer`: the payer's own doing: not paid, and the payer may try again
 * - `done`: it may have been done already: the status call tells
 * - `again`: says nothing about the payment: the status call tells, or a later time
 * - `ours`: a mistake in our call, our row or our rights: a person must look
 */
type BkashFault = 'payer' | 'done' | 'again' | 'ours';

interface BkashCode {
  readonly fault: BkashFault;
  /** A word for the books and the logs. */
  readonly name: string;
}

/** The catalogue, 2001 to 2069, 2116 to 2119 and 503; what is not here is `again`, its meaning being unknown. */
export const BKASH_CODES: Readonly<Record<string, BkashCode>> = {
  503: { fault: 'again', name: 'maintenance' },
  2001: { fault: 'ours', name: 'app-key-invalid' },
  2002: { fault: 'ours', name: 'payment-id-invalid' },
  2003: { fault: 'again', name: 'process-failed' },
  2006: { fault: 'payer', name: 'amount-invalid' },
  2007: { fault: 'ours', name: 'currency-invalid' },
  2008: { fault: 'ours', name: 'intent-invalid' },
  2009: { fault: 'payer', name: 'wallet-invalid' },
  2010: { fault: 'payer', name: 'otp-invalid' },
  2011: { fault: 'payer', name: 'pin-invalid' },
  2013: { fault: 'payer', name: 'otp-resend-limit' },
  2014: { fault: 'payer', name: 'pin-wrong' },
  2015: { fault: 'payer', name: 'pin-wrong-too-often' },
  2016: { fault: 'payer', name: 'otp-wrong' },
  2017: { fault: 'payer', name: 'otp-expired' },
  2018: { fault: 'payer', name: 'otp-wrong-too-often' },
  2019: { fault: 'payer', name: 'too-late' },
  2020: { fault: 'again', name: 'exception' },
  2023: { fault: 'payer', name: 'balance-insufficient' },
  2024: { fault: 'again', name: 'exception' },
  2025: { fault: 'ours', name: 'body-invalid' },
  2026: { fault: 'done', name: 'refund-above-payment' },
  2028: { fault: 'ours', name: 'refund-serial-unknown' },
  2029: { fault: 'ours', name: 'invoice-number-used' },
  2031: { fault: 'ours', name: 'invoice-number-invalid' },
  2033: { fault: 'ours', name: 'transaction-unknown' },
  2034: { fault: 'done', name: 'refunded-already' },
  2035: { fault: 'ours', name: 'refund-not-permitted' },
  2037: { fault: 'payer', name: 'account-state' },
  2038: { fault: 'payer', name: 'account-state' },
  2039: { fault: 'payer', name: 'account-state' },
  2040: { fault: 'payer', name: 'account-state' },
  2041: { fault: 'payer', name: 'account-state' },
  2042: { fault: 'ours', name: 'refund-not-permitted' },
  2045: { fault: 'payer', name: 'number-unknown' },
  2048: { fault: 'ours', name: 'payer-reference-invalid' },
  2049: { fault: 'ours', name: 'callback-url-invalid' },
  2050: { fault: 'ours', name: 'agreement' },
  2051: { fault: 'ours', name: 'agreement' },
  2052: { fault: 'ours', name: 'agreement' },
  2053: { fault: 'ours', name: 'agreement' },
  2054: { fault: 'ours', name: 'agreement' },
  2055: { fault: 'ours', name: 'agreement' },
  2056: { fault: 'done', name: 'payment-state' },
  2057: { fault: 'payer', name: 'not-a-wallet' },
  2058: { fault: 'payer', name: 'not-a-customer' },
  2060: { fault: 'ours', name: 'precondition' },
  2062: { fault: 'done', name: 'completed-already' },
  2065: { fault: 'ours', name: 'field-missing' },
  2068: { fault: 'done', name: 'completed-already' },
  2069: { fault: 'payer', name: 'cancelled' },
  2117: { fault: 'done', name: 'completed-already' },
  2119: { fault: 'done', name: 'completed-already' },
};

/** @example faultOf('2023') // { fault: 'payer', name: 'balance-insufficient' } */
export function bkashFault(code: string): BkashCode {
  return (Object.hasOwn(BKASH_CODES, code) && BKASH_CODES[code]) || { fault: 'again', name: 'unexplained' };
}
