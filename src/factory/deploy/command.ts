import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployConfig } from '../../config/schema.ts';
import { wordsOf } from '../../config/words.ts';
import { UserError } from '../../errors/user-error.ts';
import { childEnvironment } from '../../platform/child-environment.ts';
import { runChild, type ChildOutcome } from '../../platform/child-process.ts';
import { writeFileAtomic } from '../../platform/files.ts';
import type { Logger } from '../../platform/logger.ts';
import type { DeployTarget } from './target.ts';

export interface CommandRequest {
  readonly target: DeployTarget;
  readonly config: DeployConfig;
  /** Folder of the configuration in the checkout: the command runs there. */
  readonly folder: string;
  /** Holds the verified files and nothing else. */
  readonly modelFolder: string;
  /** Version that is live on the stage; null for the first. */
  readonly previous: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** Lays the verified files out in a fresh folder. @throws UserError FILE_UNWRITABLE */
export async function layOut(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFileAtomic(join(folder, name), bytes);
}

/**
 * Runs the command of a stage and passes its output on.
 * @throws UserError DEPLOY_FAILED when it can't be started, fails, or takes too long
 */
export async function runDeployCommand(request: CommandRequest): Promise<void> {
  const { target, config, folder, modelFolder, previous, environment, logger } = request;
  const { model, version, stage } = target;
  const outcome = (await isFolder(folder))
    ? await logger.group(`Deploy ${target.name} to ${stage}: ${config.run}`, () =>
        runChild({
          words: wordsOf(config.run),
          folder,
          environment: childEnvironment(environment, config.env, {
            MODEL_DIR: modelFolder,
            MODEL_NAME: model,
            MODEL_VERSION: version,
            PREVIOUS_VERSION: previous ?? '',
            STAGE: stage,
          }),
          timeLimitMs: config['timeout-minutes'] * 60_000,
          onLine: (line) => logger.info(line),
          mayLeaveRunning: true,
        }),
      )
    : ({ kind: 'not-started', reason: 'ENOENT' } as const);
  const fault = faultOf(outcome, config);
  if (fault !== null)
    throw new UserError({ code: 'DEPLOY_FAILED', at: { name: `deploy.${stage}.run` }, ...fault });
}

function faultOf(outcome: ChildOutcome, config: DeployConfig): { message: string; fix: string } | null {
  const look =
    'Its output stands above. The version before stays the live one; run the job again once it is mended.';
  switch (outcome.kind) {
    case 'ended':
      return outcome.code === 0
        ? null
        : { message: `the command ended with code ${outcome.code}`, fix: look };
    case 'killed':
      return { message: `the command was ended by ${outcome.signal}`, fix: look };
    case 'timed-out': {
      const minutes = config['timeout-minutes'];
      return {
        message: `the command took longer than ${minutes} minutes`,
        fix: `${look} Or raise timeout-minutes.`,
      };
    }
    case 'not-started':
      return {
        message: `the command ${wordsOf(config.run)[0]} could not be started (${outcome.reason})`,
        fix:
          outcome.reason === 'EACCES'
            ? 'Let git mark it as a program: git update-index --chmod=+x <file>, and commit.'
            : 'Check the repository out in a step before; the path counts from the folder of the configuration.',
      };
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}
