import { UserError } from '../../errors/user-error.ts';
import type { GitHub, Octokit } from '../../platform/github/client.ts';
import { Refusal } from '../../platform/github/failures.ts';
import { ok, skipped, type Finding } from './finding.ts';

/** Rules that refuse what `publish` writes to the history branch. */
const refusesWrites = new Set([
  ...['creation', 'update', 'pull_request', 'required_status_checks', 'required_signatures'],
  ...['required_deployments', 'merge_queue', 'workflows', 'code_scanning'],
]);

/** Looks at the settings of the repository on GitHub; what the token may not see is said, and is no failure. */
export async function checkGitHub(
  github: GitHub,
  ledgerBranch: string,
  defaultBranch: string,
): Promise<Finding[]> {
  const { place } = github;
  const checks: [string, (octokit: Octokit) => Promise<Finding[]>][] = [
    [
      'the default permissions of workflows',
      async ({ rest }) => {
        const { data } = await rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository(place);
        return [defaultPermissions(data.default_workflow_permissions)];
      },
    ],
    [
      `the rules of the history branch ${ledgerBranch}`,
      async ({ rest }) => {
        const { data } = await rest.repos.getBranchRules({ ...place, branch: ledgerBranch, per_page: 100 });
        return [
          branchRules(
            ledgerBranch,
            data.map(({ type }) => type),
          ),
        ];
      },
    ],
    [
      'the rules of tags',
      async ({ rest }) => {
        const { data } = await rest.repos.getRepoRulesets({ ...place, targets: 'tag', per_page: 100 });
        return [tagRules(data.filter(({ enforcement }) => enforcement === 'active').map(({ name }) => name))];
      },
    ],
    [
      `the required checks of ${defaultBranch}`,
      async ({ rest }) => {
        const { data } = await rest.repos.getBranchRules({ ...place, branch: defaultBranch, per_page: 100 });
        const byRuleset = data.some(({ type }) => type === 'required_status_checks');
        if (byRuleset) return [requiredCheck(defaultBranch, true)];
        const branch = (await rest.repos.getBranch({ ...place, branch: defaultBranch })).data;
        return [requiredCheck(defaultBranch, branch.protected)];
      },
    ],
  ];
  const found: Finding[] = [];
  for (const [what, look] of checks) found.push(...(await lookAt(github, what, look)));
  return found;
}

async function lookAt(
  github: GitHub,
  what: string,
  look: (octokit: Octokit) => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await github.repeat({ what: `read ${what}`, permission: 'metadata: read' }, async (octokit) => ({
      ...{ status: 200, headers: {} },
      data: await look(octokit),
    }));
  } catch (error) {
    const hidden =
      error instanceof Refusal || (error instanceof UserError && error.code === 'PERMISSION_MISSING');
    if (hidden) return [skipped('github', `${what}: not visible with this token`)];
    if (error instanceof UserError) return [skipped('github', `${what}: ${error.message}`)];
    throw error;
  }
}

function defaultPermissions(level: string): Finding {
  if (level === 'read') return ok('github', 'jobs that name no permissions can only read');
  return {
    ...{ level: 'warn', check: 'github' },
    message: 'jobs that name no permissions get a token that can write',
    fix: 'Settings > Actions > General > Workflow permissions: read repository contents.',
  };
}

function branchRules(branch: string, types: readonly string[]): Finding {
  const refusing = types.filter((type) => refusesWrites.has(type));
  if (refusing.length === 0)
    return ok('github', `no rule keeps jobs from writing the history branch ${branch}`);
  return {
    ...{ level: 'warn', check: 'github' },
    message: `rules (${[...new Set(refusing)].join(', ')}) cover the history branch ${branch}: a promotion would be refused`,
    fix: `Leave ${branch} out of the ruleset, or put the app whose token the factory job uses on its bypass list.`,
  };
}

function tagRules(names: readonly string[]): Finding {
  if (names.length === 0) return ok('github', 'no ruleset covers tags');
  return {
    ...{ level: 'warn', check: 'github' },
    message: `rulesets cover tags (${names.join(', ')}): check that they let the factory job create <model>@v*`,
    fix: 'Leave <model>@v* out of them, or put the app whose token the factory job uses on their bypass list.',
  };
}

function requiredCheck(branch: string, required: boolean): Finding {
  if (required) return ok('github', `${branch} is protected`);
  return {
    ...{ level: 'warn', check: 'github' },
    message: `nothing protects ${branch}: a pull request that the check blocks can be merged all the same`,
    fix: 'Settings > Rules: require the status check of the job `check` before a merge.',
  };
}
