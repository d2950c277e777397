import { resolve } from 'node:path';
import { isCommitted, sourceName } from '../../config/data-source.ts';
import { UserError } from '../../errors/user-error.ts';
import { findOnnxruntime } from '../../platform/onnxruntime.ts';
import { readHistory } from '../../registry/history.ts';
import type { LedgerStore } from '../../registry/store.ts';
import { requireFittingTask } from '../fitting-task.ts';
import { forecast, inMinutes } from '../forecast.ts';
import { prepare } from '../prepare.ts';
import type { Prepared } from '../prepared.ts';
import { openProject } from '../project.ts';
import type { Repository } from '../repository.ts';
import { failures, ok, type Finding } from './finding.ts';
import { libraryFindings } from './library-checks.ts';

/** GitHub refuses a push with a larger file, and warns above half of it. */
const largestFileBytes = 100 * 1024 * 1024;
/** A job on GitHub's own runners is ended after six hours. */
const longestJobMinutes = 360;
/** Share of the looks from which on a rotation should be planned. */
const looksWarning = 0.8;

export interface ProjectCheck {
  readonly findings: readonly Finding[];
  /** Null where configuration or data can't be used. */
  readonly prepared: Prepared | null;
}

/** Configuration and data: everything that a run checks before it trains. */
export async function checkProject(configFile: string, repository: Repository | null): Promise<ProjectCheck> {
  try {
    const { loaded, folder } = await openProject(configFile);
    const { model, data } = loaded.config;
    const opened = ok('configuration', `${loaded.file}: model ${model}, predicts ${data.target}`);
    try {
      const prepared = await prepare({ config: loaded.config, folder, epoch: null });
      requireFittingTask(loaded, prepared);
      const hasOnnxruntime = findOnnxruntime([folder, process.cwd(), import.meta.dirname]);
      const found = await dataFindings(prepared, folder, repository);
      return { findings: [opened, ...found, ...libraryFindings(prepared, hasOnnxruntime)], prepared };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error.code === 'CONFIG_INVALID')
        return { findings: failures('configuration', error), prepared: null };
      return { findings: [opened, ...failures('data', error)], prepared: null };
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { findings: failures('configuration', error), prepared: null };
  }
}

async function dataFindings(
  { config, totalRows, dataset, notices, files }: Prepared,
  folder: string,
  repository: Repository | null,
): Promise<Finding[]> {
  const source = sourceName(config.data.source);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const size = files.length === 1 ? '' : `${files.length} files, `;
  const readable = `${source}: ${size}${totalRows} rows, ${dataset.inputs.length} features, ${megabytes(bytes)} MB`;
  const findings: Finding[] = [ok('data', readable)];
  if (isCommitted(config.data.source))
    for (const file of files) findings.push(...(await fileFindings(file, folder, repository)));
  for (const { code, column, message, fix } of notices)
    if (code === 'LEAK' && fix !== null)
      findings.push({
        ...{ level: 'warn', check: 'data', fix },
        message: `${column ?? source}: ${message}`,
      });
  return findings;
}

/** Whether a checkout will have the file. */
async function fileFindings(
  { path, bytes }: Prepared['files'][number],
  folder: string,
  repository: Repository | null,
): Promise<Finding[]> {
  if (repository === null) return [];
  const at = { file: path };
  if (!(await isTracked(repository, resolve(folder, path))))
    return [
      {
        ...{ level: 'warn', check: 'data', at },
        message: `${path} is not committed: a checkout will not have it`,
        fix: 'Commit it, or let a step before the factory fetch it.',
      },
    ];
  if (bytes <= largestFileBytes / 2) return [];
  return [
    {
      ...{ level: bytes > largestFileBytes ? 'fail' : 'warn', check: 'data', at },
      message: `GitHub refuses files above 100 MB, this one has ${megabytes(bytes)} MB`,
      fix: 'Keep it in Git LFS (and check out with lfs: true), or let a step before the factory fetch it.',
    },
  ];
}

async function isTracked(repository: Repository, path: string): Promise<boolean> {
  return repository.git.run(['ls-files', '--error-unmatch', path]).then(
    () => true,
    () => false,
  );
}

/** What a run takes against what one job may take. */
export function limitFindings(prepared: Prepared, hasMatrix: boolean): Finding[] {
  const { candidates, totalMinutes, longestMinutes } = forecast(prepared);
  const minutes = hasMatrix ? longestMinutes : totalMinutes;
  const what = `${candidates} candidates, ${inMinutes(totalMinutes)} of training`;
  if (minutes <= longestJobMinutes / 2) return [ok('limits', what)];
  return [
    {
      ...{ level: minutes > longestJobMinutes ? 'fail' : 'warn', check: 'limits' },
      message: `${what}, ${Math.ceil(minutes)} of them in one job, which GitHub ends after ${longestJobMinutes}`,
      fix: hasMatrix
        ? 'Give the slowest candidate fewer rounds or its own `runs-on`.'
        : 'Spread the candidates over jobs: model-factory init --workflow matrix --force.',
    },
  ];
}

/** Whether there are enough rows for a test set, and how often it was asked. */
export async function testSetFindings(
  { config, settings, development, holdout }: Prepared,
  ledger: LedgerStore | null,
): Promise<Finding[]> {
  const rows = development.length + holdout.length;
  const none = settings.defaults.find(({ path }) => path === 'holdout');
  const findings = [
    holdout.length > 0
      ? ok('test set', `${holdout.length} of ${rows} rows are the test set (hold-out)`)
      : ok('test set', `none (hold-out): ${none?.why ?? 'the configuration wants none'}`),
  ];
  if (ledger === null) return findings;
  try {
    const { champion, looks } = await readHistory(await ledger.open(), config.model);
    findings.push(ok('history', champion === null ? 'no champion yet' : `champion ${champion.version}`));
    if (holdout.length > 0) findings.push(looksFinding(looks.length, settings.looks));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.push(...failures('history', error));
  }
  return findings;
}

function looksFinding(used: number, most: number): Finding {
  const message = `${used} of ${most} looks at the test set (hold-out) are used`;
  if (used < looksWarning * most) return ok('test set', message);
  return {
    ...{ level: 'warn', check: 'test set', message },
    fix: 'Add rows: when there are as many new ones as the test set has, the next one is drawn from them.',
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
