export * from './pack-file';
export * from './pack-journal';
