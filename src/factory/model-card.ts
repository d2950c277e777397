import { isGiven } from '../config/schema.ts';
import type { Promotion } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import type { Profile } from '../contracts/profile.ts';
import type { Result } from '../contracts/result.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { renderModelCard, type CardScore } from '../report/model-card.ts';
import type { CardContributions } from '../report/contribution-table.ts';
import type { CardCoefficients } from '../report/coefficient-table.ts';
import type { Importance } from './importance.ts';
import { computesFeatures } from './plan.ts';
import type { Prepared } from './prepared.ts';

export interface CardRequest {
  readonly prepared: Prepared;
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly promotion: Promotion;
  readonly result: Result;
  readonly profile: Profile;
  readonly importance: Importance | null;
  readonly coefficients: CardCoefficients | null;
  readonly contributions: CardContributions | null;
}

/** The model card of a version. Scores are those of cross-validation: the hold-out's are shown only as a difference. */
export function modelCard(request: CardRequest): string {
  const { prepared, plan, verdict, promotion, result, profile, importance, coefficients, contributions } =
    request;
  const { card } = prepared.config;
  const { pretrained } = promotion.recipe;
  // The last file is the test set where that is a file of its own.
  const files = plan.data.files.slice(0, isGiven(prepared.config.holdout) ? -1 : undefined);
  return renderModelCard({
    model: plan.model,
    version: promotion.version,
    format: promotion.format,
    task: plan.task,
    target: plan.data.target,
    classes: plan.classes,
    owner: card.owner ?? null,
    description: card.description ?? null,
    intendedUse: card['intended-use'] ?? null,
    limitations: card.limitations ?? null,
    licence: card.licence ?? null,
    trainer: result.trainer,
    trainedElsewhere: pretrained !== undefined,
    params: result.params,
    seed: result.seed,
    members: promotion.recipe.members,
    data: {
      source: plan.data.source,
      files: files.length,
      sha256: files.length === 1 ? files[0]!.sha256 : plan.data.fingerprint,
      developmentRows: plan.split.developmentRows,
      holdoutRows: plan.split.holdoutRows,
    },
    inputs: profile.inputs.map(({ name, type, missing }) => ({ name, type, missing })),
    computed: computesFeatures(result.trainer, pretrained) ? plan.data.engineered : [],
    evaluatedOn: `the validation folds, ${plan.split.developmentRows} rows in ${plan.split.folds} folds`,
    scores: Object.entries(result.metrics).flatMap(([metric, { mean }]): CardScore[] =>
      mean === null ? [] : [{ metric, estimate: mean, lower: null, upper: null, confidence: 0.95 }],
    ),
    confusion: result.confusion,
    importance,
    coefficients,
    contributions,
    verdict:
      promotion.by.kind === 'person'
        ? `Promoted by ${promotion.by.who}: ${promotion.by.reason}`
        : verdict.sentence,
    commit: plan.commit,
    runUrl: promotion.runUrl,
  });
}
