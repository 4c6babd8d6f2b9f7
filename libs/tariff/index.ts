export * from './tariff';
export * from './tariff.errors';
