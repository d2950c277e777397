import { UserError } from '../../errors/user-error.ts';
import type { ReleaseStore } from '../../registry/releases.ts';
import { systemClock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { apiUrlOf, readGitHubAddress, tokenFor } from './address.ts';

export interface RemoteReleasesOptions {
  /** The remote as the user named it. */
  readonly remote: string;
  /** Its address, asked for when a release is first read. */
  readonly address: () => Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** The releases of a remote on GitHub, for reading. Nothing is asked of GitHub before a release is needed. */
export function remoteReleases({
  remote,
  address,
  environment,
  logger,
}: RemoteReleasesOptions): ReleaseStore {
  return {
    read: async (tag, names) => {
      const place = readGitHubAddress(await address());
      if (!place) throw notGitHub(tag, remote);
      const { host, owner, repo } = place;
      const token = tokenFor(host, environment);
      // Loaded here, so that a command that reads no release starts without GitHub's client.
      const [{ GitHub }, { githubReleases }] = await Promise.all([
        import('./client.ts'),
        import('./release-store.ts'),
      ]);
      const apiUrl = apiUrlOf(host, environment);
      const github = new GitHub({ token, owner, repo, apiUrl, clock: systemClock, logger });
      try {
        return await githubReleases(github).read(tag, names);
      } catch (error) {
        throw token === null && error instanceof UserError ? withoutToken(error) : error;
      }
    },
    publish: () => {
      const message = `the releases of ${remote} are only read from here`;
      const fix =
        'Write to a folder instead (--ledger DIR); only the jobs of the default branch publish there.';
      return Promise.reject(new UserError({ code: 'RELEASE_FORBIDDEN', message, fix }));
    },
  };
}

function notGitHub(tag: string, remote: string): UserError {
  return new UserError({
    code: 'ASSET_MISSING',
    message: `the files of ${tag} are release assets, and ${remote} is no repository on GitHub`,
    at: { name: tag },
    fix: 'Name a remote whose address is https://HOST/OWNER/REPO or git@HOST:OWNER/REPO, or a folder (--ledger DIR).',
  });
}

/** GitHub says "not found" of a private repository to whoever shows no token. */
function withoutToken({ code, message, at, fix, cause }: UserError): UserError {
  const hint = 'For a private repository set GITHUB_TOKEN (GH_ENTERPRISE_TOKEN for a server of your own)';
  return new UserError({ code, message, at, fix: `${hint}. ${fix}`, cause });
}
