import { canonicalJson, sha256 } from '../../contracts/digest.ts';
import type { Result } from '../../contracts/result.ts';

/** The result with what lets another run take it over. A failed one is never taken over. */
export function sealed(result: Result, key: string | null): Result {
  if (key === null || result.status === 'failed') return result;
  return { ...result, reuse: { key, seal: sealOf(result, key), from: null } };
}

/** Whether a result is what was sealed. */
export function isIntact(result: Result): boolean {
  return result.reuse !== null && result.reuse.seal === sealOf(result, result.reuse.key);
}

/** All but what taking it over changes: status, where it is from, the time that scoring takes here. */
function sealOf(result: Result, key: string): string {
  const { status, reuse, predictMsPer1k, ...rest } = result;
  return sha256(canonicalJson({ ...rest, key }));
}
