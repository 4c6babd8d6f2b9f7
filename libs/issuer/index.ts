export type { TokenServerAccess } from './channel';
export { GrpcKeySetIssuer } from './grpc-key-set-issuer';
export * from './grpc-token-issuer';
export * from './issuer.module';
export { TokenServerProtocolError } from './wire';
