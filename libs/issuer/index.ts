export * from './grpc-token-issuer';
export * from './issuer.module';
export { TokenServerProtocolError } from './wire';
