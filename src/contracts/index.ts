import { epochDocument, holdoutDocument, lookDocument, promotionDocument, runDocument } from './ledger.ts';
import { goldenDocument } from './golden.ts';
import { planDocument } from './plan.ts';
import { profileDocument } from './profile.ts';
import { resultDocument } from './result.ts';
import { signatureDocument } from './signature.ts';
import { verdictDocument } from './verdict.ts';

/** Every JSON document of the factory; each has its JSON Schema in `schema/`. */
export const documents = {
  plan: planDocument,
  result: resultDocument,
  verdict: verdictDocument,
  run: runDocument,
  look: lookDocument,
  epoch: epochDocument,
  holdout: holdoutDocument,
  promotion: promotionDocument,
  signature: signatureDocument,
  profile: profileDocument,
  golden: goldenDocument,
} as const;
