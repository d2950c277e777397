import { dirname, join, relative, resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { defaultConfigFile } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { isRegularFile, readFileOrNull, slashed, writeFileAtomic } from '../../platform/files.ts';
import { catalogue } from '../catalogue.ts';
import { forecast, inMinutes } from '../forecast.ts';
import { prepare } from '../prepare.ts';
import type { Prepared } from '../prepared.ts';
import { findRepository, type Repository } from '../repository.ts';
import { chooseConfiguration } from './choose.ts';
import { configurationText } from './configuration-text.ts';
import { chooseCsv } from './find-csv.ts';
import { usesQuestion, workflowQuestion, type Interview } from './questions.ts';
import { readUnknownTable } from './read-table.ts';
import { defaultUses, workflowName, workflowText, type WorkflowChoices } from './workflow-text.ts';

export interface InitRequest {
  /** Absolute folder in which the model lives. */
  readonly folder: string;
  /** The CSV file as the user named it; null = look for one. */
  readonly file: string | null;
  readonly interview: Interview;
  /** Overwrite what is there. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

export interface InitFile {
  /** Relative to the folder, as a person would type it. */
  readonly path: string;
  readonly text: string;
}

export interface InitOutcome {
  readonly files: readonly InitFile[];
  /** What a person should know before the first run. */
  readonly notes: readonly string[];
  readonly dataFile: string;
  /** What runs write isn't ignored by git yet. */
  readonly outIsTracked: boolean;
}

/** Longer runs are better spread over several jobs. */
const oneJobMinutes = 15;

/**
 * Looks at a CSV file, asks what it can't know, and writes configuration and workflow. The configuration has passed
 * everything that a run checks before it trains when it is written.
 * @throws UserError FILE_EXISTS where one of them is there and `force` isn't given
 */
export async function initialise(request: InitRequest): Promise<InitOutcome> {
  const { folder, interview } = request;
  const repository = await findRepository(folder);
  const paths = {
    config: join(folder, defaultConfigFile),
    workflow: join(repository?.root ?? folder, '.github', 'workflows', `${workflowName}.yml`),
  };
  const shown = (path: string): string => slashed(relative(folder, path));
  if (!request.force && !request.dryRun) await refuseExisting(Object.values(paths), shown);

  const source = request.file ?? (await chooseCsv(folder, interview));
  const path = resolve(folder, source);
  const found = await readUnknownTable(path, source);
  const choices = await chooseConfiguration(found, { source: shown(path), shown: source }, interview);
  const schema = 'node_modules/model-factory/schema/model-factory.schema.json';
  const text = configurationText({
    ...choices,
    schema: (await isRegularFile(join(folder, schema))) ? schema : null,
  });
  const { config } = loadConfig(text, defaultConfigFile, catalogue);
  const prepared = await prepare({ config, folder, epoch: null });
  const workflow = await chooseWorkflow(repository, prepared, interview);
  const files = [
    { path: paths.config, text },
    { path: paths.workflow, text: workflowText(workflow) },
  ];
  if (!request.dryRun) for (const file of files) await writeFileAtomic(file.path, file.text);
  return {
    files: files.map((file) => ({ path: shown(file.path), text: file.text })),
    notes: [
      ...dataNotes(prepared),
      ...(await placeNotes(repository, path, source)),
      ...(workflow.action === defaultUses.action
        ? ['Replace OWNER in the workflow by the account that hosts your copy of the action (or use --uses).']
        : []),
    ],
    dataFile: shown(path),
    outIsTracked: !(await isIgnored(repository, join(folder, 'model-factory-out'))),
  };
}

async function refuseExisting(paths: readonly string[], shown: (path: string) => string): Promise<void> {
  for (const path of paths) {
    if ((await readFileOrNull(path)) === null) continue;
    throw new UserError({
      code: 'FILE_EXISTS',
      message: 'the file is there already and was not touched',
      at: { file: shown(path) },
      fix: 'Keep it, or let it be replaced with --force; --dry-run prints what would be written.',
    });
  }
}

async function chooseWorkflow(
  repository: Repository | null,
  prepared: Prepared,
  interview: Interview,
): Promise<WorkflowChoices> {
  const { candidates, totalMinutes } = forecast(prepared);
  interview.tell(`Training: ${candidates} candidates, ${inMinutes(totalMinutes)} of processor time.`);
  const form = await interview.ask(workflowQuestion(totalMinutes > oneJobMinutes ? 'matrix' : 'one-job'));
  const { action, ref } = await interview.ask(usesQuestion(defaultUses.action, defaultUses.ref));
  const folder = repository === null || repository.folder === '' ? null : repository.folder;
  return {
    ...{ form, action, ref, folder },
    defaultBranch: repository?.defaultBranch ?? 'main',
    concurrencyGroup: folder === null ? workflowName : `${workflowName}-${prepared.config.model}`,
  };
}

/** What the check of the data noticed, and how a first verdict will come about. */
function dataNotes({ notices, holdout, development, settings }: Prepared): string[] {
  return [
    ...notices.map(
      ({ column, message, fix }) =>
        `${column === null ? '' : `${column}: `}${message}${fix === null ? '' : ` ${fix}`}`,
    ),
    holdout.length === 0
      ? `There will be no test set (hold-out): ${settings.defaults.find(({ path }) => path === 'holdout')?.why ?? ''}.`
      : `${holdout.length} of ${development.length + holdout.length} rows are kept as test set (hold-out).`,
  ];
}

async function placeNotes(repository: Repository | null, path: string, source: string): Promise<string[]> {
  if (repository === null)
    return ['This folder is not in a git repository: create one (git init) before the workflow can run.'];
  if (relative(repository.root, path).startsWith('..'))
    return [`${source} lies outside the repository: move it inside, or GitHub will not find it.`];
  return (await isIgnored(repository, path))
    ? [`${source} is ignored by git: a workflow needs a step that fetches it before the factory runs.`]
    : [];
}

async function isIgnored(repository: Repository | null, path: string): Promise<boolean> {
  if (repository === null || relative(repository.root, dirname(path)).startsWith('..')) return false;
  return repository.git.run(['check-ignore', '--quiet', path]).then(
    () => true,
    () => false,
  );
}
