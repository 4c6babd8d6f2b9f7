export * from './calendar';
export * from './energy';
export * from './errors';
export * from './ids';
export * from './money';
export * from './quiet-hours';
export * from './webhook-signature';
