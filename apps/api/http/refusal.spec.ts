/* Proves what a caller is told of each kind of trouble: refusals as they are, the database's as repeatable, the rest as ours. */
import { HttpException, NotFoundException } from '@nestjs/common';
import { DomainError } from '@vend/kernel';
import { CommitOutcomeUnknown, DatabaseFailure } from '@vend/platform';
import { refusalOf } from './refusal';
import { safeError } from './safe-error';

const failure = (driverError: object) => new DatabaseFailure(driverError, 'SELECT 1');

it.each([
  ['a refusal', new DomainError('meter-not-found'), 'meter-not-found'],
  ['a refusal in no table', new DomainError('made-up'), 'internal-error'],
  ['an unknown route', new NotFoundException(), 'route-not-found'],
  ['a large body', new HttpException('', 413), 'body-too-large'],
  ['another content type', new HttpException('', 415), 'content-type-unsupported'],
  ['a bad URL', new HttpException('', 400), 'request-malformed'],
  ['a fault in the framework', new HttpException('', 500), 'internal-error'],
  ['a refused connection', failure({ code: 'ECONNREFUSED', errno: -111 }), 'database-unavailable'],
  ['a lost connection', failure({ code: 'PROTOCOL_CONNECTION_LOST' }), 'database-unavailable'],
  ['a full pool', failure({ message: 'Queue limit reached.' }), 'database-unavailable'],
  ['a server going down', failure({ code: 'ER_SERVER_SHUTDOWN', errno: 1053 }), 'database-unavailable'],
  ['a deadlock that would not end', failure({ code: 'ER_LOCK_DEADLOCK', errno: 1213 }), 'database-unavailable'],
  ['an unknown commit', new CommitOutcomeUnknown('x'), 'database-unavailable'],
  ['a broken CHECK', failure({ code: 'ER_CONSTRAINT_FAILED', errno: 4025 }), 'internal-error'],
  ['a wrong statement', failure({ code: 'ER_PARSE_ERROR', errno: 1064 }), 'internal-error'],
  ['a mistake of ours', new TypeError('x is not a function'), 'internal-error'],
  ['nothing', undefined, 'internal-error'],
])('%s', (_what, thrown, code) => {
  expect(refusalOf(thrown).code).toBe(code);
});

it('logs where and why, and no statement or parameters', () => {
  const query = Object.assign(new Error('failed'), {
    code: 'ER_X',
    query: 'INSERT …',
    parameters: ['12345678901234567890'],
    driverError: { sql: '12345678901234567890' },
  });
  const logged = safeError(new Error('outer', { cause: query }));
  expect(logged).toMatchObject({ message: 'outer', cause: { message: 'failed', code: 'ER_X' } });
  expect(JSON.stringify(logged)).not.toContain('12345678901234567890');
});
