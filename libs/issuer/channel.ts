import { readFileSync } from 'node:fs';
import { credentials } from '@grpc/grpc-js';
import type { CallOptions, ChannelOptions, Client, ServiceError } from '@grpc/grpc-js';
import { tokenServerClient } from './proto';

/** Where the token server is and how this process proves itself to it (mutual TLS). */
export interface TokenServerAccess {
  /** `host:port`; the host must stand in the server's certificate. */
  readonly address: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly caFile: string;
  /** PEM of this process's certificate and its key: its name decides what it may ask for. */
  readonly certFile: string;
  readonly keyFile: string;
}

export type Unary<Request, Answer> = (
  request: Request,
  options: CallOptions,
  callback: (error: ServiceError | null, answer?: Answer) => void,
) => void;

const CHANNEL: ChannelOptions = {
  // A peer that vanished without a word is noticed within 15 s even when nothing is being sold.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  // Below the breaker's second, so that its probe finds a connection that is being tried, not waited for.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.max_receive_message_length': 1024 * 1024,
  'grpc.max_send_message_length': 1024 * 1024,
};

/** A client of the token server; it connects with its first call. `Calls` are those of its methods that are used. */
export function connect<Calls>({ address, caFile, certFile, keyFile }: TokenServerAccess): Client & Calls {
  const tls = credentials.createSsl(readFileSync(caFile), readFileSync(keyFile), readFileSync(certFile));
  const TokenServer = tokenServerClient();
  return new TokenServer(address, tls, CHANNEL) as unknown as Client & Calls;
}
