import type { Recipe } from '../../config/candidates.ts';
import type { Notice } from '../../contracts/plan.ts';

/** Says of models that were trained elsewhere what nobody can know here. */
export function pretrainedNotices(recipes: readonly Recipe[]): Notice[] {
  const names = recipes.filter(({ given }) => given !== undefined).map(({ name }) => name);
  if (names.length === 0) return [];
  const [whose, what] = names.length === 1 ? ['it', 'its scores are'] : ['they', 'their scores are'];
  return [
    {
      code: 'PRETRAINED',
      column: null,
      message:
        `${names.join(', ')}: trained elsewhere. If ${whose} learnt from rows that are here, ${what} better than they ` +
        'should be, on the test set (hold-out) too: no split of today keeps a model from rows that it has seen.',
      fix: 'Judge it on rows that are younger than it: a test set of its own, holdout: { source: new-rows.csv }.',
    },
  ];
}
