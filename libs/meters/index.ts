export * from './meters';
export { lockMeterStates, saveMeterStates } from './store/meter-states';
export { loadVendingMeters, receiptAddresses } from './store/meters';
