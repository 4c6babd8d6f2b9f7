export { TARIFF_CLASSES, formatKw, parseKw } from './connection';
export * from './identity';
export {
  FAULTS_MAX,
  importMeters,
  type ImportOptions,
  type ImportReport,
  type ReportedFault,
} from './import/import-meters';
export { OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from './import/row';
export { rowFaultReasons, type RowFault, type RowFaultCode } from './import/row-faults';
export * from './meters';
export * from './meters.errors';
export { MetersModule } from './meters.module';
export { MetersService, type MeterSearch } from './meters.service';
export { normaliseMobile } from './mobile';
export { lockMeterStates, readMeterStates, saveMeterStates } from './store/meter-states';
export { loadVendingMeters, receiptAddresses } from './store/meters';
