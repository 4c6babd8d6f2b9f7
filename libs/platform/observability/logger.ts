import { pino, type Logger, type LoggerOptions } from 'pino';

/**
 * Paths that never reach a log, whoever passes the object. Codes and ids are logged; tokens, keys, passwords
 * and phone numbers are not: this list is the net under that rule, not the rule itself.
 */
export const REDACTED_PATHS = [
  'password',
  'secret',
  'token',
  'tokens',
  'digits',
  'mobile',
  'msisdn',
  'payerMobile',
  'accessToken',
  'refreshToken',
  'recoveryCodes',
  '*.password',
  '*.secret',
  '*.token',
  '*.tokens',
  '*.digits',
  '*.mobile',
  '*.msisdn',
  '*.payerMobile',
  'req.headers.authorization',
  'req.headers["x-signature"]',
  'req.body',
  'res.body',
];

/** Options shared by every process's log: JSON lines, ISO times, redaction. */
export function loggerOptions(service: string, level: string): LoggerOptions {
  return {
    level,
    base: { service },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  };
}

/** A logger outside Nest, for start-up and scripts. */
export function createLogger(service: string, level = 'info'): Logger {
  return pino(loggerOptions(service, level));
}
