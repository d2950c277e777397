import { canonicalJson } from '../contracts/digest.ts';
import { nameField } from '../contracts/fields.ts';
import type { Promotion } from '../contracts/ledger.ts';

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** `v1.4.0` as numbers. */
export function parseVersion(text: string): Version {
  const match = /^v(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (!match) throw new Error(`not a version: ${text}`);
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

/** Negative where `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [parseVersion(a), parseVersion(b)];
  return x.major - y.major || x.minor - y.minor || x.patch - y.patch;
}

/**
 * The next version: first v1.0.0; major where the input signature changed, minor where the recipe did, patch where
 * only the data did.
 */
export function nextVersion(
  champion: Pick<Promotion, 'version' | 'interfaceSha256' | 'recipe'> | null,
  next: Pick<Promotion, 'interfaceSha256' | 'recipe'>,
): string {
  if (!champion) return 'v1.0.0';
  const { major, minor, patch } = parseVersion(champion.version);
  if (champion.interfaceSha256 !== next.interfaceSha256) return `v${major + 1}.0.0`;
  if (recipeText(champion.recipe) !== recipeText(next.recipe)) return `v${major}.${minor + 1}.0`;
  return `v${major}.${minor}.${patch + 1}`;
}

function recipeText({ trainer, params, program, members }: Promotion['recipe']): string {
  return canonicalJson({
    trainer,
    params,
    program,
    members: members?.map((own) => [own.trainer, own.params]),
  });
}

/** Version tag in GTO's grammar, `churn@v1.4.0`. */
export function versionTag(model: string, version: string): string {
  return `${model}@${version}`;
}

/** `churn@v1.4.0` as model and version; null for any other tag. */
export function parseVersionTag(name: string): { readonly model: string; readonly version: string } | null {
  const [, model = '', version = ''] = /^([^@]+)@(v\d+\.\d+\.\d+)$/.exec(name) ?? [];
  return nameField.safeParse(model).success ? { model, version } : null;
}
