import { expandCandidates, type Recipe } from '../config/candidates.ts';
import { isGiven } from '../config/schema.ts';
import { featureText } from '../contracts/feature.ts';
import type { Dataset } from '../training/dataset.ts';
import { requireFittingTask } from './fitting-task.ts';
import { openProject } from './project.ts';
import { prepare } from './prepare.ts';

/** What a configuration comes to on its data: task, columns, split, defaults, candidates; plain text. */
export async function explainConfig(configFile: string): Promise<string> {
  const { loaded, folder } = await openProject(configFile);
  const prepared = await prepare({ config: loaded.config, folder, epoch: null });
  requireFittingTask(loaded, prepared);
  const { settings, dataset, development, holdout, folds, notices, totalRows } = prepared;
  const recipes = expandCandidates(settings.candidates, loaded.config.validation.seed);
  const unlabelled = totalRows - dataset.table.rows;
  const { holdout: wanted } = loaded.config;
  const from = isGiven(wanted) ? ` from ${wanted.source}` : '';
  const width = Math.max(...settings.defaults.map(({ path }) => path.length), 0);
  return [
    `${loaded.config.model}: ${settings.task}, predicts ${loaded.config.data.target}${settings.positive === null ? '' : ` = ${settings.positive}`}`,
    `  rows       ${totalRows}${unlabelled ? `, ${unlabelled} of them without a target and left out` : ''}`,
    `  split      ${development.length} development, ${holdout.length} test set (hold-out)${from}, ${folds.length} folds`,
    `  features   ${dataset.inputs.map(({ name, type }) => `${name} (${type})`).join(', ')}`,
    ...engineeredLines(dataset),
    `  candidates ${recipes.map(recipeText).join('\n             ')}`,
    `  metrics    ${settings.metrics.join(', ')}; ${settings.rankingMetric} decides`,
    '',
    'Defaults used:',
    ...settings.defaults.map(({ path, value, why }) => `  ${path.padEnd(width)}  ${value}  (${why})`),
    ...(notices.length ? ['', 'Notices:'] : []),
    ...notices.map(
      ({ column, message, fix }) =>
        `  ${column === null ? '' : `${column}: `}${message}${fix === null ? '' : ` ${fix}`}`,
    ),
  ].join('\n');
}

/** Computed features one below the other, and the columns that only they read. */
function engineeredLines({ engineered }: Dataset): string[] {
  if (!engineered) return [];
  const { recipes, inputs } = engineered;
  const width = Math.max(...recipes.map(({ name }) => name.length));
  const lines = recipes.map((recipe) => `${recipe.name.padEnd(width)} = ${featureText(recipe)}`);
  const only = inputs.map(({ name, type }) => `${name} (${type})`).join(', ');
  return [
    `  computed   ${lines.join('\n             ')}`,
    ...(only === '' ? [] : [`             from ${only}, which the model takes for these alone`]),
  ];
}

function recipeText({ name, trainer, params, members }: Recipe): string {
  const built = members ? ` of ${members.map((own) => own.name).join(', ')}` : '';
  return `${name} = ${trainer}${built} ${JSON.stringify(params)}`;
}
