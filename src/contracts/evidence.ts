import { defineDocument } from './document.ts';
import { planDocument } from './plan.ts';
import { resultDocument } from './result.ts';
import { verdictDocument } from './verdict.ts';
import { promotionDocument } from './ledger.ts';

/** Everything a release rests on, in one file: who promoted what, why, from which data, with which scores. */
export const evidenceDocument = defineDocument('evidence', 1, {
  promotion: promotionDocument.schema,
  plan: planDocument.schema,
  verdict: verdictDocument.schema,
  result: resultDocument.schema,
});
