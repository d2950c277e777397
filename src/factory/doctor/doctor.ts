import { join } from 'node:path';
import { systemClock } from '../../platform/clock.ts';
import { listFiles, readFileOrNull } from '../../platform/files.ts';
import { apiUrlOf, readGitHubAddress, tokenFor } from '../../platform/github/address.ts';
import type { Logger } from '../../platform/logger.ts';
import type { LedgerStore } from '../../registry/store.ts';
import { findRepository, type Repository } from '../repository.ts';
import { ok, skipped, type Finding } from './finding.ts';
import { checkProject, limitFindings, testSetFindings } from './project-checks.ts';
import { checkWorkflows, type WorkflowSource, type WorkflowsReport } from './workflow-rules.ts';

export interface DoctorRequest {
  readonly folder: string;
  /** Absolute path of the configuration. */
  readonly configFile: string;
  readonly ledger: LedgerStore | null;
  readonly ledgerBranch: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** Checks a repository: configuration, data, git, workflows, limits, history, GitHub's settings; in this order. */
export async function examine(request: DoctorRequest): Promise<Finding[]> {
  const { folder, configFile, ledger } = request;
  const repository = await findRepository(folder);
  const { findings, prepared } = await checkProject(configFile, repository);
  const workflows = await workflowFindings(repository?.root ?? folder, repository);
  return [
    ...findings,
    ...repositoryFindings(repository),
    ...workflows.findings,
    ...(prepared ? limitFindings(prepared, workflows.actions.has('train')) : []),
    ...(prepared ? await testSetFindings(prepared, ledger) : []),
    ...(await gitHubFindings(request, repository)),
  ];
}

function repositoryFindings(repository: Repository | null): Finding[] {
  if (repository === null)
    return [
      {
        ...{ level: 'warn', check: 'repository', message: 'this folder is not in a git repository' },
        fix: 'Create one: git init.',
      },
    ];
  const { defaultBranch, shallow, remote } = repository;
  const findings: Finding[] = [ok('repository', `default branch ${defaultBranch}`)];
  if (shallow)
    findings.push({
      ...{ level: 'warn', check: 'repository' },
      message: 'this clone is shallow: what a change is compared with may be missing',
      fix: 'Fetch the rest: git fetch --unshallow; in a workflow check out with fetch-depth: 0.',
    });
  if (remote === null)
    findings.push({
      ...{ level: 'warn', check: 'repository', message: 'there is no remote called origin' },
      fix: 'Create the repository on GitHub, then: git remote add origin ADDRESS.',
    });
  return findings;
}

async function workflowFindings(root: string, repository: Repository | null): Promise<WorkflowsReport> {
  const folder = '.github/workflows';
  const names = (await listFiles(join(root, folder))).filter((name) => /^[^/]+\.ya?ml$/.test(name));
  const sources: WorkflowSource[] = [];
  for (const name of names) {
    const bytes = await readFileOrNull(join(root, folder, name));
    if (bytes !== null) sources.push({ file: `${folder}/${name}`, text: bytes.toString() });
  }
  const report = checkWorkflows(sources, repository?.defaultBranch ?? null);
  if (report.actions.size > 0 || report.findings.length > 0) return report;
  const nothing: Finding = {
    ...{ level: 'warn', check: 'workflow', message: `no workflow in ${folder} uses Model Factory` },
    fix: 'Write one: model-factory init.',
  };
  return { ...report, findings: [nothing] };
}

async function gitHubFindings(
  { environment, ledgerBranch, logger }: DoctorRequest,
  repository: Repository | null,
): Promise<Finding[]> {
  const place = repository?.remote ? readGitHubAddress(repository.remote) : null;
  if (repository === null || place === null) return [skipped('github', 'settings: origin is not on GitHub')];
  const { host, owner, repo } = place;
  const token = tokenFor(host, environment);
  if (token === null) return [skipped('github', 'settings: not asked without GITHUB_TOKEN or GH_TOKEN')];
  // Loaded here, so that a check without a token starts without GitHub's client.
  const { GitHub } = await import('../../platform/github/client.ts');
  const { checkGitHub } = await import('./github-checks.ts');
  const apiUrl = apiUrlOf(host, environment);
  const github = new GitHub({ token, owner, repo, apiUrl, clock: systemClock, logger, patienceMs: 10_000 });
  return checkGitHub(github, ledgerBranch, repository.defaultBranch);
}
