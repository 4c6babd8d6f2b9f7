import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import type { GrpcObject, ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const PROTO = 'vend/token/v1/token_server.proto';

/** The proto folder stands at the root of the repository, above both the sources and dist/. */
function protoFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'proto');
    if (existsSync(join(candidate, PROTO))) return candidate;
    if (folder === dirname(folder)) throw new Error(`proto/${PROTO} not found above ${__dirname}`);
  }
}

/** The client class of vend.token.v1.TokenServer; 64-bit numbers as decimal strings. */
export function tokenServerClient(): ServiceClientConstructor {
  const folder = protoFolder();
  const definition = loadSync(join(folder, PROTO), { includeDirs: [folder], longs: String, defaults: true });
  const root = loadPackageDefinition(definition);
  const token = (root['vend'] as GrpcObject)['token'] as GrpcObject;
  return (token['v1'] as GrpcObject)['TokenServer'] as ServiceClientConstructor;
}
