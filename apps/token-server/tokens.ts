/** Injection tokens of this process. */
export const SECURITY_MODULE = Symbol('SecurityModule');
export const STA_TABLES = Symbol('StaTables');
export const LOGGER = Symbol('Logger');
