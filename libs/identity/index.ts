export { recordAudit, type AuditAction, type AuditEvent } from './audit';
export * from './identity';
export * from './identity.errors';
export { PERMISSIONS, roleMay, type Permission } from './permissions';
export { IdentityModule } from './identity.module';
export { PartnersService, type SignedRequest } from './partners.service';
export { SESSION_SECONDS, SessionsService, type TokenSigner } from './sessions.service';
export { SIGNATURE_WINDOW_SECONDS, requestSignature } from './signatures';
export {
  upsertPartner,
  upsertStation,
  upsertUser,
  type ChangedBy,
  type PartnerSeed,
  type Upserted,
  type UserSeed,
} from './store/seeding';
