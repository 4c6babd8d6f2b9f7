export { CustomerAccess, type OwnSession } from './access';
export { CodeDesk } from './code-desk';
export { OwnMeters } from './own-meters';
export { PORTAL_ERRORS, type PortalErrorCode } from './portal.errors';
export { PortalModule } from './portal.module';
export { forgetVisits } from './store/forgetting';
export type { OwnMeter } from './store/own-meters';
export type { Visitor } from './store/sessions';
