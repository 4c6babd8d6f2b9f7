export {
  APPROVAL_KINDS,
  APPROVAL_RULES,
  APPROVAL_STATES,
  type ApprovalKind,
  type ApprovalState,
} from './approvals/approval-kinds';
export { Approvals, useApproval, type ApprovalRequest, type Gate } from './approvals/approvals.service';
export type { ApprovalContent } from './approvals/content';
export { recordAudit, type AuditAction, type AuditEvent, type AuditFacts } from './audit';
export * from './identity';
export * from './identity.errors';
export { adoptOffices } from './offices/adopt';
export { officesOf } from './offices/offices';
export { OFFICE_KINDS, Offices, type NewOffice, type OfficeKind, type OfficeNode } from './offices/offices.service';
export { People, type NewPerson, type PersonChanges } from './people/people.service';
export { agentHashOf, fromOrigin, originIsOf, type Origin } from './origin';
export { PERMISSIONS, permissionsOf, roleMay, type Permission } from './permissions';
export { IdentityModule } from './identity.module';
export { PartnersService, type SignedRequest } from './partners.service';
export { Logins, networkOf, type Credentials, type Identified } from './sessions/logins';
export { needsSecondFactor, newTotpSecret, totpCode } from './sessions/second-factor';
export { SessionsService, type LiveSession, type TokenSigner } from './sessions/sessions.service';
export { SIGNATURE_WINDOW_SECONDS, requestSignature } from './signatures';
export { searchAudit, type AuditQuestion, type AuditRecord } from './store/audit-search';
export { forgetOldLogins, type Forgotten } from './store/forgetting';
export type { PersonCard } from './store/people';
export type { ApprovalRecord } from './store/approvals';
export type { SessionRecord } from './store/sessions';
export {
  seedSecondFactor,
  upsertPartner,
  upsertStation,
  upsertUser,
  type ChangedBy,
  type PartnerSeed,
  type Upserted,
  type UserSeed,
} from './store/seeding';
