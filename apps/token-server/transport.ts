import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import { Transport } from '@nestjs/microservices';
import type { GrpcOptions } from '@nestjs/microservices';
import type { TokenServerConfig } from './config';

const PROTO = 'vend/token/v1/token_server.proto';
const MESSAGE_LIMIT_BYTES = 1024 * 1024;

/** The proto folder stands at the root of the repository, above both the sources and dist/. */
function protoFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const candidate = join(folder, 'proto');
    if (existsSync(join(candidate, PROTO))) return candidate;
    if (folder === dirname(folder)) throw new Error(`proto/${PROTO} not found above ${__dirname}`);
  }
}

/**
 * gRPC over mutual TLS. Nobody without a certificate of our authority gets as far as a method.
 *
 * @throws when a TLS file cannot be read
 */
export function grpcTransport(config: Pick<TokenServerConfig, 'address' | 'tls'>): GrpcOptions {
  const folder = protoFolder();
  const { caFile, certFile, keyFile } = config.tls;
  const pair = { private_key: readFileSync(keyFile), cert_chain: readFileSync(certFile) };
  return {
    transport: Transport.GRPC,
    options: {
      package: 'vend.token.v1',
      protoPath: join(folder, PROTO),
      url: config.address,
      credentials: ServerCredentials.createSsl(readFileSync(caFile), [pair], true),
      loader: { includeDirs: [folder], longs: String, defaults: true, arrays: true },
      // A group of 1024 is about 120 kB.
      maxReceiveMessageLength: MESSAGE_LIMIT_BYTES,
      maxSendMessageLength: MESSAGE_LIMIT_BYTES,
      keepalive: { keepaliveTimeMs: 20_000, keepaliveTimeoutMs: 5_000, keepalivePermitWithoutCalls: 1 },
      channelOptions: { 'grpc.max_concurrent_streams': 256, 'grpc.so_reuseport': 0 },
      gracefulShutdown: true,
    },
  };
}
