import { epochDocument, lookDocument, promotionDocument, runDocument } from './ledger.ts';
import { planDocument } from './plan.ts';
import { resultDocument } from './result.ts';
import { verdictDocument } from './verdict.ts';

/** Every JSON document of the factory; each has its JSON Schema in `schema/`. */
export const documents = {
  plan: planDocument,
  result: resultDocument,
  verdict: verdictDocument,
  run: runDocument,
  look: lookDocument,
  epoch: epochDocument,
  promotion: promotionDocument,
} as const;
