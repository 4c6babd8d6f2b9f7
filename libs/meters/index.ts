export * from './identity';
export * from './meters';
export * from './meters.errors';
export { MetersModule } from './meters.module';
export { MetersService, type MeterSearch } from './meters.service';
export { normaliseMobile } from './mobile';
export { lockMeterStates, readMeterStates, saveMeterStates } from './store/meter-states';
export { loadVendingMeters, receiptAddresses } from './store/meters';
