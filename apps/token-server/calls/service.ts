import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadSync } from '@grpc/proto-loader';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { readBulkPiece, readCreditGroup, readKeyChangeGroup, readManagementGroup } from '../wire/requests';

const PROTO = 'vend/token/v1/token_server.proto';

/** The proto folder stands at the root of the repository, above both the sources and dist/. */
export function protoFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'proto');
    if (existsSync(join(candidate, PROTO))) return candidate;
    if (folder === dirname(folder)) throw new Error(`proto/${PROTO} not found above ${__dirname}`);
  }
}

const asItIs = (encoded: Buffer): Buffer => encoded;

/**
 * vend.token.v1.TokenServer as grpc-js takes it. The calls that make tokens read and write their messages with
 * ../wire; the others, which are rare, with proto-loader: 64-bit numbers as decimal strings.
 */
export function tokenServerDefinition(): ServiceDefinition {
  const folder = protoFolder();
  const options = { includeDirs: [folder], longs: String, defaults: true, arrays: true };
  const loaded = loadSync(join(folder, PROTO), options)['vend.token.v1.TokenServer'] as ServiceDefinition;
  const fast = (method: string, requestDeserialize: (bytes: Buffer) => object | null) =>
    ({ ...loaded[method]!, requestDeserialize, responseSerialize: asItIs }) as MethodDefinition<object, object>;
  return {
    ...loaded,
    IssueCredit: fast('IssueCredit', readCreditGroup),
    IssueManagement: fast('IssueManagement', readManagementGroup),
    IssueKeyChange: fast('IssueKeyChange', readKeyChangeGroup),
    BulkIssue: fast('BulkIssue', (bytes) => readBulkPiece(bytes) ?? NO_GROUP),
    FetchResult: { ...loaded['FetchResult']!, responseSerialize: asItIs as (value: object) => Buffer },
  };
}

/** A piece without a group: grpc-js takes null for the end of the stream. */
export const NO_GROUP = { kind: 'none' } as const;
