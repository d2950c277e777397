/** A repository on GitHub or a GitHub Enterprise Server. */
export interface GitHubAddress {
  readonly host: string;
  readonly owner: string;
  readonly repo: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads a git address of GitHub's form, `https://HOST/OWNER/REPO(.git)` or the same over ssh; null for any other. */
export function readGitHubAddress(address: string): GitHubAddress | null {
  const url = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/;
  const scp = /^(?:[\w.-]+@)?([\w.-]+):([\w.-]+)\/([\w.-]+?)(?:\.git)?$/;
  const [, host, owner, repo] = url.exec(address) ?? scp.exec(address) ?? [];
  if (host === undefined || owner === undefined || repo === undefined) return null;
  return { host: host.toLowerCase(), owner, repo };
}

/** Address of the REST API of a host; `GITHUB_API_URL` has the last word. */
export function apiUrlOf(host: string, environment: Environment): string {
  const own = environment['GITHUB_API_URL'];
  if (own) return own;
  if (host === 'github.com' || host === 'ssh.github.com') return 'https://api.github.com';
  return host.endsWith('.ghe.com') ? `https://api.${host}` : `https://${host}/api/v3`;
}

/**
 * The token that may be shown to a host, by the variables of GitHub's own command line: `GH_TOKEN` and `GITHUB_TOKEN`
 * for github.com and where the environment itself names the server, else `GH_ENTERPRISE_TOKEN` and
 * `GITHUB_ENTERPRISE_TOKEN`. Null = none: public repositories are read without.
 */
export function tokenFor(host: string, environment: Environment): string | null {
  const known = /^(ssh\.)?github\.com$|\.ghe\.com$/.test(host) || Boolean(environment['GITHUB_API_URL']);
  const names = known ? ['GH_TOKEN', 'GITHUB_TOKEN'] : ['GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'];
  return names.map((name) => environment[name]).find((value) => Boolean(value)) ?? null;
}
