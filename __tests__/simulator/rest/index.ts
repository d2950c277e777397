import { actions } from './actions.ts';
import { checks } from './checks.ts';
import { contents } from './contents.ts';
import { deployments } from './deployments.ts';
import { gitData } from './git-data.ts';
import { issues } from './issues.ts';
import type { Operations } from './operation.ts';
import { pulls } from './pulls.ts';
import { releases } from './releases.ts';
import { repositories } from './repositories.ts';

/** Every operation the simulator carries out inside a repository. */
export const operations: Operations = {
  ...actions,
  ...checks,
  ...contents,
  ...deployments,
  ...gitData,
  ...issues,
  ...pulls,
  ...releases,
  ...repositories,
};
