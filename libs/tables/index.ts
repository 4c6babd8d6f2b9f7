export { csvLine } from './csv-line';
export { csvRows } from './csv-lines';
export { kindOf, openFile } from './file-rows';
export * from './import-files';
export type { FileKind, FileRows, RowGroup, SourceRow } from './source';
export * from './tables.errors';
