// Proves that a suite gets real, separate servers with the durable profile: an empty database with two accounts,
// an empty Redis database, and servers of its own that survive kill -9 with what was acknowledged.
import { Redis } from 'ioredis';
import { createConnection } from 'mysql2/promise';
import type { RowDataPacket } from 'mysql2/promise';
import { createTestDatabase, createTestRedis, startOwnMariaDb, startOwnRedis } from './servers';

async function rows(uri: string, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection({ uri });
  try {
    const [result] = await connection.query<RowDataPacket[]>(sql);
    return result;
  } finally {
    await connection.end();
  }
}

describe('the servers of a test run', () => {
  it('gives a database whose application account may do nothing until it is granted something', async () => {
    const database = await createTestDatabase();
    try {
      await rows(database.migrationUrl, 'CREATE TABLE note (id INT PRIMARY KEY)');
      await expect(rows(database.appUrl, 'SELECT id FROM note')).rejects.toThrow(/denied/);
      await rows(database.migrationUrl, `GRANT SELECT ON note TO '${database.appUser}'@'%'`);
      await expect(rows(database.appUrl, 'SELECT id FROM note')).resolves.toEqual([]);
      await expect(rows(database.appUrl, 'INSERT INTO note VALUES (1)')).rejects.toThrow(/denied/);
    } finally {
      await database.drop();
    }
    await expect(rows(database.migrationUrl, 'SELECT 1')).rejects.toThrow(/denied/);
  });

  it('runs MariaDB durably: each commit is on the disk, also in the binlog', async () => {
    const server = await startOwnMariaDb('profile-mariadb');
    try {
      const variables = await rows(server.url, 'SHOW GLOBAL VARIABLES');
      const value = (name: string): unknown => variables.find((row) => row['Variable_name'] === name)?.['Value'];
      expect({
        flush: value('innodb_flush_log_at_trx_commit'),
        binlog: value('log_bin'),
        sync: value('sync_binlog'),
        format: value('binlog_format'),
        isolation: value('tx_isolation'),
        charset: value('character_set_server'),
      }).toEqual({
        flush: '1',
        binlog: 'ON',
        sync: '1',
        format: 'ROW',
        isolation: 'READ-COMMITTED',
        charset: 'utf8mb4',
      });
    } finally {
      await server.stop();
    }
  });

  it('gives two callers two Redis databases', async () => {
    const [one, two] = [await createTestRedis(), await createTestRedis()];
    const [first, second] = [new Redis(one.url), new Redis(two.url)];
    try {
      await first.set('mine', '1');
      expect(await second.get('mine')).toBeNull();
    } finally {
      first.disconnect();
      second.disconnect();
      await one.clear();
      await two.clear();
    }
  });

  it('gives a MariaDB that can be killed and keeps what it acknowledged', async () => {
    const server = await startOwnMariaDb('own-mariadb');
    try {
      await rows(server.url, 'CREATE DATABASE kept');
      await rows(server.url, 'CREATE TABLE kept.fact (id INT PRIMARY KEY)');
      await rows(server.url, 'INSERT INTO kept.fact VALUES (7)');
      server.kill();
      await server.restart();
      await expect(rows(server.url, 'SELECT id FROM kept.fact')).resolves.toEqual([{ id: 7 }]);
    } finally {
      await server.stop();
    }
  });

  it('gives a Redis, with its append-only file and without eviction, that can be killed and started again', async () => {
    const server = await startOwnRedis('own-redis');
    try {
      server.kill();
      await server.restart();
      const client = new Redis(server.url);
      expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
      expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      client.disconnect();
    } finally {
      await server.stop();
    }
  });
});
