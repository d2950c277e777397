/** A repository on a GitHub server. */
export interface GitHubPlace {
  readonly owner: string;
  readonly repo: string;
  readonly apiUrl: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the API of a remote's repository is. Null for a remote that is not on github.com, nor on the server that the
 * environment names: a token is never sent anywhere else.
 */
export function gitHubPlaceOf(remote: string, environment: Environment): GitHubPlace | null {
  const [, host, owner, repo] =
    /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|[^@/]+@)([\w.-]+)(?::\d+)?[:/]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(
      remote,
    ) ?? [];
  if (host === undefined || owner === undefined || repo === undefined) return null;
  const server = environment['GITHUB_SERVER_URL'] ?? 'https://github.com';
  if (!URL.canParse(server) || new URL(server).hostname !== host) return null;
  const usual = host === 'github.com' ? 'https://api.github.com' : `https://${host}/api/v3`;
  return { owner, repo, apiUrl: environment['GITHUB_API_URL'] ?? usual };
}
