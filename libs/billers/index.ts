export type * from './core';
export type * from './profile';
