/** Injection tokens of this process. */
export const CONFIG = Symbol('TokenServerConfig');
export const PARTS = Symbol('TokenCallParts');
export const LOGGER = Symbol('Logger');
