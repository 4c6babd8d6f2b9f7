export type { TokenServerAccess } from './channel';
export { GrpcKeySetIssuer } from './grpc-key-set-issuer';
export * from './grpc-token-issuer';
export { GrpcTokenLog } from './grpc-token-log';
export * from './issuer.module';
export type { HeldVendingKey, TokenServerStatus } from './status.wire';
export { TokenServerProtocolError } from './wire';
