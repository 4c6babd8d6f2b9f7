import { APPROVAL_KINDS, APPROVAL_RULES, PERMISSIONS, ROLES, type Permission } from '@vend/identity';
import type { CodeTable } from './error-codes';

export const PERMISSIONS_PAGE = 'docs/PERMISSIONS.md';

/** What is written into docs/PERMISSIONS.md from the code, by the name of its table on the page. */
export const PERMISSION_TABLES: Readonly<Record<'permissions' | 'approvals', CodeTable>> = {
  permissions: {
    header: ['Permission', ...ROLES],
    rows: (Object.keys(PERMISSIONS) as Permission[]).map((permission) => [
      permission,
      ...ROLES.map((role) => (PERMISSIONS[permission].includes(role) ? 'yes' : '')),
    ]),
  },
  approvals: {
    header: ['Kind', 'Second person', 'Hours open'],
    rows: APPROVAL_KINDS.map((kind) => {
      const { permission, hoursOpen } = APPROVAL_RULES[kind];
      return [kind, PERMISSIONS[permission].join(', '), String(hoursOpen)];
    }),
  },
};
