/*
 * The ceiling of bench:token-server: a process that answers IssueCredit and BulkIssue over the same protocol with mutual
 * TLS, and does nothing else. No token is made, nothing is written, nobody is checked. Whatever the machine does not give
 * to this, it cannot give to a token server that speaks gRPC.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Server, ServerCredentials, type ServerDuplexStream, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { TlsFiles } from '../support/certificates';
import { tokenServerMethods } from '../support/token-client';

interface Requests {
  readonly requests: readonly { readonly requestId: string }[];
}

const TOKEN = { tokenDec: '0'.repeat(20), creditedUnits: '100', vkKcv: '000000', sampleTables: true };
const answerTo = ({ requests }: Requests) => ({
  outcomes: requests.map(({ requestId }) => ({ requestId, ok: TOKEN })),
});
type Piece = { readonly credit: Requests };

// By the names of the protocol: they come before any other spelling.
const METHODS: UntypedServiceImplementation = {
  IssueCredit: (call: { request: Requests }, done: (error: null, answer: object) => void) =>
    done(null, answerTo(call.request)),
  BulkIssue: (call: ServerDuplexStream<Piece, object>) => {
    call.on('data', ({ credit }: Piece) => {
      if (call.write({ credit: answerTo(credit) })) return;
      call.pause();
      call.once('drain', () => call.resume());
    });
    call.on('end', () => call.end());
  },
};

async function serve(address: string, { caFile, certFile, keyFile }: TlsFiles): Promise<void> {
  const pair = { private_key: readFileSync(keyFile), cert_chain: readFileSync(certFile) };
  const server = new Server({ 'grpc-node.flow_control_window': 512 * 1024, 'grpc.enable_channelz': 0 });
  const absent = Object.keys(tokenServerMethods).map((name) => [name, () => undefined] as const);
  server.addService(tokenServerMethods, { ...Object.fromEntries(absent), ...METHODS });
  const credentials = ServerCredentials.createSsl(readFileSync(caFile), [pair], true);
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(address, credentials, (error) => (error ? reject(error) : resolve())),
  );
  process.send?.('ready');
}

/** Starts it in a process of its own. @returns its process id, and how to end it */
export async function startBareTokenServer(address: string, tls: TlsFiles) {
  const child = fork(__filename, [address, tls.caFile, tls.certFile, tls.keyFile], {
    execArgv: ['--max-semi-space-size=64'],
  });
  await once(child, 'message');
  const end = async (): Promise<void> => {
    child.kill();
    await once(child, 'exit');
  };
  return { pid: child.pid!, end };
}

if (require.main === module) {
  const [address = '', caFile = '', certFile = '', keyFile = ''] = process.argv.slice(2);
  void serve(address, { caFile, certFile, keyFile });
}
