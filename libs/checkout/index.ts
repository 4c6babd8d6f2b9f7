export type * from './gateway';
