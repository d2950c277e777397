/** Who a token speaks for, and what it may do. */
export interface Identity {
  readonly login: string;
  readonly id: number;
  readonly type: 'Bot' | 'User';
  /** Permissions as a workflow names them; what isn't listed is `none`. */
  readonly permissions: Readonly<Partial<Record<Permission, 'read' | 'write'>>>;
  /** Operations refused one by one, whatever the permissions say. */
  readonly denied?: readonly string[];
}

export type Permission =
  'actions' | 'checks' | 'contents' | 'deployments' | 'issues' | 'metadata' | 'pull-requests' | 'statuses';

const every: readonly Permission[] = [
  'actions',
  'checks',
  'contents',
  'deployments',
  'issues',
  'metadata',
  'pull-requests',
  'statuses',
];

/** All permissions at one level. */
export function permissions(level: 'read' | 'write'): Identity['permissions'] {
  return Object.fromEntries(every.map((permission) => [permission, level]));
}

const bot = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' } as const;

/** The tokens of a new simulator: a job's, a job's of a pull request from a fork, two people's. */
export function defaultTokens(): Map<string, Identity> {
  return new Map<string, Identity>([
    ['ghs_write', { ...bot, permissions: permissions('write') }],
    ['ghs_fork', { ...bot, permissions: permissions('read') }],
    ['ghp_maintainer', { login: 'maria', id: 501, type: 'User', permissions: permissions('write') }],
    ['ghp_stranger', { login: 'mallory', id: 666, type: 'User', permissions: { issues: 'write' } }],
  ]);
}

/** The token in an `authorization` header: `token x`, `Bearer x`, or Basic with the token as password. */
export function tokenOf(authorization: string | undefined): string | null {
  const [scheme = '', value = ''] = (authorization ?? '').split(' ');
  if (/^(token|bearer)$/i.test(scheme)) return value;
  if (/^basic$/i.test(scheme)) return Buffer.from(value, 'base64').toString().split(':')[1] ?? null;
  return null;
}

/** Permissions that an operation accepts; one of them is enough. Reading needs `read`, everything else `write`. */
const accepted: readonly (readonly [prefix: RegExp, permissions: readonly Permission[]])[] = [
  [/^issues\//, ['issues', 'pull-requests']],
  [/^pulls\//, ['pull-requests']],
  [/^checks\//, ['checks']],
  [/^actions\//, ['actions']],
  [/^repos\/.*deployment/, ['deployments']],
  [/^repos\/(create-commit-status|get-combined-status)/, ['statuses']],
  [/^repos\/list-pull-requests/, ['pull-requests']],
  [/^repos\/(get|get-collaborator-permission-level)$/, ['metadata']],
  [/^(git|repos)\//, ['contents']],
];

/** The permissions one of which `op` needs, or `[]` when any token will do. */
export function neededPermissions(op: string): readonly Permission[] {
  return accepted.find(([prefix]) => prefix.test(op))?.[1] ?? [];
}

/** True when the identity may carry out the operation. */
export function mayCarryOut(identity: Identity, op: string, method: string): boolean {
  if (identity.denied?.includes(op) === true) return false;
  const needed = neededPermissions(op);
  if (needed.length === 0) return true;
  return needed.some((permission) => {
    const level = identity.permissions[permission];
    return method === 'GET' ? level !== undefined || permission === 'metadata' : level === 'write';
  });
}
