import type { Environment } from '../contracts/result.ts';
import { factoryVersion } from './version.ts';

/** What results record of the machine: versions only, never variables. */
export function environmentOf({ version, platform, arch }: NodeJS.Process): Environment {
  return { factory: factoryVersion, node: version, platform, arch };
}
